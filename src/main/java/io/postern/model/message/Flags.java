package io.postern.model.message;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The stored flags of a message, or a set of flags named by a command (RFC 3501 §2.3.2). Keywords
 * compare without case and keep the spelling first seen.
 */
public record Flags(Set<SystemFlag> system, SortedSet<String> keywords) {
  /** No flag at all. */
  public static final Flags NONE = new Flags(Set.of(), Collections.emptySortedSet());

  public Flags {
    system = system.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(system));
    var sorted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    sorted.addAll(keywords);
    keywords = Collections.unmodifiableSortedSet(sorted);
  }

  /** Flags of these system flags and keywords. */
  public static Flags of(Collection<SystemFlag> system, Collection<String> keywords) {
    return new Flags(Set.copyOf(system), new TreeSet<>(keywords));
  }

  /** These system flags and no keyword. */
  public static Flags of(SystemFlag... system) {
    return new Flags(Set.of(system), Collections.emptySortedSet());
  }

  /** Whether the system flag is set. */
  public boolean has(SystemFlag flag) {
    return system.contains(flag);
  }

  /** The five low bits of packed flags. */
  public long systemBits() {
    long bits = 0;
    for (var flag : system) {
      bits |= flag.bit();
    }
    return bits;
  }
}
