package io.postern.imap.command;

import io.postern.imap.command.SearchPredicate.Message;
import io.postern.imap.command.SearchPredicate.Verdict;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Which messages of an index a search has found, and which it has not decided yet. */
final class SearchVerdicts {
  private final SearchPredicate predicate;
  private final boolean ranks;
  private final BitSet found = new BitSet();
  private final BitSet undecided = new BitSet();

  /** How relevant the messages found are, by position; 0 for those that are not known. */
  private byte[] relevancies = new byte[0];

  /**
   * @param ranks whether it is to be known how relevant the messages found are
   */
  SearchVerdicts(SearchPredicate predicate, boolean ranks) {
    this.predicate = predicate;
    this.ranks = ranks;
  }

  /** Decides a message, if what is known of it is enough; returns whether it was. */
  boolean evaluate(int position, Message message) {
    var verdict = predicate.tryEvaluate(message);
    found.set(position, verdict == Verdict.YES);
    undecided.set(position, verdict == Verdict.UNKNOWN);
    if (ranks && verdict == Verdict.YES) {
      message.content().ifPresent(content -> rank(position, content.text().relevancy()));
    }
    return verdict != Verdict.UNKNOWN;
  }

  private void rank(int position, int relevancy) {
    if (position >= relevancies.length) {
      relevancies = Arrays.copyOf(relevancies, Math.max(position + 1, 2 * relevancies.length));
    }
    relevancies[position] = (byte) relevancy;
  }

  /**
   * How relevant messages found are, by position, from 1 to 100 (RFC 6203 §4). Of what was found
   * without a text that was searched for by resemblance, that is all or nothing.
   *
   * @param searched whether there is such a text
   */
  IntUnaryOperator relevancies(boolean searched) {
    var known = relevancies;
    return position ->
        position < known.length && known[position] > 0 ? known[position] : searched ? 1 : 100;
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
