package io.postern.config.watch;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Suggests the known name closest to a misspelt one. */
final class ClosestName {
  /** Names that differ in more than a third of their letters do not match. */
  private static final int PART = 3;

  private ClosestName() {}

  /** Returns the known name with the least edit distance; empty if all are too far away. */
  static Optional<String> to(String name, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt((String it) -> distance(name, it)).thenComparing(it -> it))
        .filter(it -> distance(name, it) <= Math.max(name.length(), it.length()) / PART);
  }

  /** The Levenshtein distance: letters to insert, delete or replace. */
  static int distance(String from, String to) {
    var row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
