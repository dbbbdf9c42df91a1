package io.postern.model.message;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * The keywords of one mailbox, each with its bit in packed flags. A bit keeps its keyword as long
 * as a message has it. When all bits are assigned, a bit whose keyword no message has is
 * reassigned: in the step of the mod-sequence in which messages get the new keyword, so that flags
 * packed before that step do not have that bit set.
 *
 * @param names the keyword of bit {@link #FIRST_BIT} + i at index i; at most {@link #MAX}
 */
public record Keywords(List<String> names) {
  /** The bit of the first keyword; system flags take the bits below. */
  public static final int FIRST_BIT = SystemFlag.values().length;

  /**
   * How many keywords one mailbox can hold; bit 63 stays clear, so packed flags are never negative.
   */
  public static final int MAX = 63 - FIRST_BIT;

  /** A mailbox without keywords. */
  public static final Keywords NONE = new Keywords(List.of());

  public Keywords {
    names = List.copyOf(names);
    if (names.size() > MAX) {
      throw new IllegalArgumentException("a mailbox holds at most " + MAX + " keywords");
    }
  }

  /** The keyword's bit number, compared without case; empty when the mailbox doesn't know it. */
  public OptionalInt bitOf(String keyword) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(keyword)) {
        return OptionalInt.of(FIRST_BIT + i);
      }
    }
    return OptionalInt.empty();
  }

  /** Whether all keywords of the flags are known here. */
  public boolean containsAll(Flags flags) {
    return flags.keywords().stream().allMatch(k -> bitOf(k).isPresent());
  }

  /** Whether the unassigned bits are enough for the unknown keywords of the flags. */
  public boolean hasRoomFor(Collection<Flags> flags) {
    return names.size() + unknown(flags).size() <= MAX;
  }

  /**
   * Adds the unknown keywords of the flags, in their order: at unassigned bits as long as there are
   * any, then at bits whose keyword no message has. Keywords for which no bit is left are left out.
   *
   * @param used the bits that some message has; read only when they do not {@link #hasRoomFor fit}
   */
  public Keywords with(Collection<Flags> flags, long used) {
    var unknown = unknown(flags);
    if (unknown.isEmpty()) {
      return this;
    }
    long taken = flags.stream().mapToLong(this::pack).reduce(used, (a, b) -> a | b);
    var all = new ArrayList<>(names);
    int free = 0;
    for (var keyword : unknown) {
      if (all.size() < MAX) {
        all.add(keyword);
        continue;
      }
      while (free < names.size() && (taken & 1L << (FIRST_BIT + free)) != 0) {
        free++;
      }
      if (free < names.size()) {
        all.set(free++, keyword);
      }
    }
    return new Keywords(all);
  }

  private Collection<String> unknown(Collection<Flags> flags) {
    var unknown = new LinkedHashMap<String, String>();
    for (var each : flags) {
      for (var keyword : each.keywords()) {
        if (bitOf(keyword).isEmpty()) {
          unknown.putIfAbsent(folded(keyword), keyword);
        }
      }
    }
    return unknown.values();
  }

  /** The flags as bits; keywords the mailbox doesn't know are left out. */
  public long pack(Flags flags) {
    long bits = flags.systemBits();
    for (var keyword : flags.keywords()) {
      var bit = bitOf(keyword);
      if (bit.isPresent()) {
        bits |= 1L << bit.getAsInt();
      }
    }
    return bits;
  }

  /** The inverse of {@link #pack}. */
  public Flags unpack(long bits) {
    var system = EnumSet.noneOf(SystemFlag.class);
    for (var flag : SystemFlag.values()) {
      if ((bits & flag.bit()) != 0) {
        system.add(flag);
      }
    }
    var keywords = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 0; i < names.size(); i++) {
      if ((bits & 1L << (FIRST_BIT + i)) != 0) {
        keywords.add(names.get(i));
      }
    }
    return new Flags(system, keywords);
  }

  /** Keywords compare without case: the form to compare by. */
  public static String folded(String keyword) {
    return keyword.toLowerCase(Locale.ROOT);
  }
}
