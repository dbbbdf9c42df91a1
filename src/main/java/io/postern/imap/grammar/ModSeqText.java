package io.postern.imap.grammar;

import io.postern.model.NumberSet;
import io.postern.model.SequenceSet;

/** Parses the arguments of CONDSTORE and QRESYNC (RFC 7162 §7). */
public final class ModSeqText {
  private static final String MOD_SEQUENCE = "a mod-sequence";
  private static final String ENTRY = "the name of a flag's entry, and its type";

  private ModSeqText() {}

  /** Parses a space and {@code mod-sequence-valzer}: 0 to 2^63 - 1. */
  public static long orZero(Arguments in) throws BadSyntax {
    in.space();
    return in.digits(MOD_SEQUENCE, 0, Long.MAX_VALUE);
  }

  /**
   * Parses what follows the search key MODSEQ: a mod-sequence, maybe with the name of a flag's
   * entry and its type before it, which are not kept.
   */
  public static long searched(Arguments in) throws BadSyntax {
    in.space();
    if (!Octets.isDigit(in.peek())) {
      long start = in.position();
      if (!in.string().startsWith("/flags/")) {
        throw new BadSyntax(ENTRY, start);
      }
      in.space();
      if (!in.tryKeyword("priv") && !in.tryKeyword("shared") && !in.tryKeyword("all")) {
        throw in.expected(ENTRY);
      }
      in.space();
    }
    return in.digits(MOD_SEQUENCE, 0, Long.MAX_VALUE);
  }

  /** Parses {@code known-uids}: a set of numbers without {@code *}. */
  public static NumberSet knownSet(Arguments in) throws BadSyntax {
    return set(in).resolve(0);
  }

  /** The same in ascending order. */
  public static NumberSet ascendingSet(Arguments in) throws BadSyntax {
    long start = in.position();
    var set = set(in);
    long last = 0;
    for (var range : set.ranges()) {
      if (range.one() <= last || range.other() < range.one()) {
        throw new BadSyntax("a sequence set in ascending order", start);
      }
      last = range.other();
    }
    return set.resolve(0);
  }

  private static SequenceSet set(Arguments in) throws BadSyntax {
    long start = in.position();
    var set = SetText.read(in);
    for (var range : set.ranges()) {
      if (range.one() == SequenceSet.STAR || range.other() == SequenceSet.STAR) {
        throw new BadSyntax("a sequence set without *", start);
      }
    }
    return set;
  }
}
