package io.postern.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * The keywords of one mailbox, each with its bit in packed flags. A bit once given keeps its
 * keyword as long as the mailbox lives.
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
  public boolean knows(Flags flags) {
    return flags.keywords().stream().allMatch(k -> bitOf(k).isPresent());
  }

  /**
   * With the unknown keywords of the flags added at the next bits, in the order of their names.
   *
   * @throws IllegalArgumentException when there would be more than {@link #MAX}
   */
  public Keywords with(Flags flags) {
    if (knows(flags)) {
      return this;
    }
    var all = new ArrayList<>(names);
    flags.keywords().stream().filter(k -> bitOf(k).isEmpty()).forEach(all::add);
    return new Keywords(all);
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
