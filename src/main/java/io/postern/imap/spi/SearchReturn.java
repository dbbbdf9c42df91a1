package io.postern.imap.spi;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.response.Untagged.ReturnData;
import io.postern.imap.selected.View;
import io.postern.model.NumberSet;
import io.postern.model.message.Criterion;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** A return option of SEARCH (RFC 4466 §2.6.1). */
public record SearchReturn(String name, Reader reader) {
  /** Parses what follows the option's name, up to a space or the end of the list. */
  @FunctionalInterface
  public interface Reader {
    Effect read(Arguments in, CommandContext context) throws BadSyntax;
  }

  /** What the option of one command does. */
  public interface Effect {
    /** What it adds to the ESEARCH response; nothing if it returns nothing for this result. */
    default Optional<ReturnData> data(Result result) {
      return Optional.empty();
    }

    /** Why it can't be combined with the other options of the command, if so. */
    default Optional<String> conflict(List<Effect> all) {
      return Optional.empty();
    }

    /** Whether it returns the numbers of all messages found. */
    default boolean returnsAll() {
      return false;
    }

    /** Whether it returns how relevant messages are: the program has to be fuzzy (RFC 6203 §4). */
    default boolean ranks() {
      return false;
    }

    /** Whether it saves the result for later commands (RFC 5182 §2.1). */
    default boolean saves() {
      return false;
    }

    /** Whether an ESEARCH response is sent even if no other option asks for one. */
    default boolean responds() {
      return true;
    }

    /**
     * Called when the search has succeeded, before the response is sent.
     *
     * @param all the options of the command, this one included
     */
    default void succeeded(Result result, List<Effect> all) {}

    /** Called when the response of the search was sent. */
    default void answered(Result result, Criterion criterion) {}

    /** Called when the search has failed with a NO. */
    default void failed(View view) {}

    /** The UIDs of the messages that it returns, for an option that saves them (RFC 5182 §2.4). */
    default NumberSet returned(Result result) {
      return NumberSet.EMPTY;
    }
  }

  /**
   * The messages that a search has found.
   *
   * @param positions in the index
   * @param byUid whether the client gets UIDs rather than sequence numbers
   * @param order the order of a SORT that the positions are in (RFC 5267 §3.1); else ascending
   * @param relevancies by position, if they were asked for (RFC 6203 §4)
   */
  public record Result(
      View view,
      MailboxIndex index,
      int[] positions,
      boolean byUid,
      Optional<Order> order,
      Optional<IntUnaryOperator> relevancies) {
    /** The order of a SORT. */
    @FunctionalInterface
    public interface Order {
      /** The positions of an index in this order. */
      Uni<int[]> sorted(MailboxIndex index, int[] positions);
    }

    /** The result of a search, ascending. */
    public Result(View view, MailboxIndex index, int[] positions, boolean byUid) {
      this(view, index, positions, byUid, Optional.empty(), Optional.empty());
    }

    /** How relevant a message found is, counted from 0; 1 to 100. */
    public int relevancy(int found) {
      return relevancies.map(it -> it.applyAsInt(positions[found])).orElse(1);
    }

    /** Whether the positions are in the order of a SORT. */
    public boolean sorted() {
      return order.isPresent();
    }

    /** A part of the messages found, counted from 0. */
    public Result part(int from, int to) {
      var some = Arrays.copyOfRange(positions, from, to);
      return new Result(view, index, some, byUid, order, relevancies);
    }

    /** How many messages were found. */
    public int count() {
      return positions.length;
    }

    /** The number that the client gets for a message found, counted from 0. */
    public long number(int found) {
      long uid = uid(found);
      return byUid ? uid : view.number(index, uid);
    }

    /** The UID of a message found, counted from 0. */
    public long uid(int found) {
      return index.uid(positions[found]);
    }

    /** The numbers that the client gets for all messages found. */
    public NumberSet numbers() {
      var numbers = new NumberSet.Builder();
      for (int i = 0; i < positions.length; i++) {
        numbers.add(number(i));
      }
      return numbers.build();
    }

    /** The numbers that the client gets for all messages found, in their order. */
    public long[] ordered() {
      var numbers = new long[positions.length];
      Arrays.setAll(numbers, this::number);
      return numbers;
    }

    /** The item that has all numbers found: at least one. */
    public ReturnData all(String name) {
      return sorted()
          ? new ReturnData.Ordered(name, ordered())
          : new ReturnData.Numbers(name, numbers());
    }

    /** The UIDs of all messages found. */
    public NumberSet uids() {
      var ascending = sorted() ? positions.clone() : positions;
      if (sorted()) {
        Arrays.sort(ascending);
      }
      var uids = new NumberSet.Builder();
      for (int position : ascending) {
        uids.add(index.uid(position));
      }
      return uids.build();
    }
  }
}
