package io.postern.imap.command;

import io.postern.imap.command.SearchPredicate.Message;
import io.postern.imap.command.SearchPredicate.Verdict;
import java.util.BitSet;
import java.util.stream.IntStream;

/** Which messages of an index a search has found, and which it has not decided yet. */
final class SearchVerdicts {
  private final SearchPredicate predicate;
  private final BitSet found = new BitSet();
  private final BitSet undecided = new BitSet();

  SearchVerdicts(SearchPredicate predicate) {
    this.predicate = predicate;
  }

  /** Decides a message, if what is known of it is enough; returns whether it was. */
  boolean evaluate(int position, Message message) {
    var verdict = predicate.tryEvaluate(message);
    found.set(position, verdict == Verdict.YES);
    undecided.set(position, verdict == Verdict.UNKNOWN);
    return verdict != Verdict.UNKNOWN;
  }

  /** The message does not match. */
  void reject(int position) {
    found.clear(position);
    undecided.clear(position);
  }

  /** Whether what is known of a message is enough. */
  boolean isDecided(Message message) {
    return predicate.tryEvaluate(message) != Verdict.UNKNOWN;
  }

  /** The first undecided position from this one on; -1 when there is none. */
  int nextUndecided(int from) {
    return undecided.nextSetBit(from);
  }

  /** The undecided positions, ascending. */
  IntStream undecided() {
    return undecided.stream();
  }

  /** The positions found, ascending. */
  int[] found() {
    return found.stream().toArray();
  }
}
