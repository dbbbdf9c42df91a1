package io.postern.imap.command;

import io.postern.imap.response.FetchData;
import io.postern.imap.response.MessageWriter;
import io.postern.imap.response.Untagged;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.FetchItem;
import io.postern.imap.spi.FetchItem.Row;
import io.postern.imap.state.Outcome;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes the answers of one FETCH: what is in memory at once, the rest as its octets are read.
 * Gives the event loop to others when {@link #MAX_ANSWER} octets have been gone through.
 */
final class FetchAnswers {
  /** Octets of one message's answer that are written at once, and of work in one turn. */
  private static final int MAX_ANSWER = 64 * 1024;

  private final CommandContext context;

  /** Octets that were gone through in this turn. */
  private long worked;

  private Optional<Outcome.No> refusal = Optional.empty();

  FetchAnswers(CommandContext context) {
    this.context = context;
  }

  /** Why an item of a message was left out, if one was. */
  Optional<Outcome.No> refusal() {
    return refusal;
  }

  /** Writes a message of which all items are in memory. */
  void send(Row row, List<FetchItem> shown) {
    var data = new ArrayList<FetchData>(shown.size());
    for (var item : shown) {
      data.add(item.data(row));
    }
    context.reply().send(new Untagged.MessageData(row.number(), row.uid(), data));
  }

  /** Writes a message at once if it can be; returns what has to be awaited, if anything. */
  Optional<Uni<Void>> answer(Row row, List<FetchItem> shown) {
    var bound = new ArrayList<FetchItem>(shown.size());
    long octets = 0;
    boolean atHand = true;
    for (var each : shown) {
      var item = each.of(row);
      var refused = item.refusal(row);
      if (refused.isPresent()) {
        refusal = refused;
        continue;
      }
      octets += item.octets(row);
      atHand &= item.atHand(row);
      bound.add(item);
    }
    if (bound.isEmpty()) {
      return Optional.empty();
    }
    if (!atHand || octets > MAX_ANSWER) {
      return Optional.of(stream(row, bound).chain(() -> rest(0)));
    }
    send(row, bound);
    worked += octets;
    return worked >= MAX_ANSWER || context.reply().full() ? Optional.of(rest(0)) : Optional.empty();
  }

  /**
   * Completes, at once where possible, when there is room and the turn has not done too much yet.
   *
   * @param octets that were gone through since the last call
   */
  private Uni<Void> rest(long octets) {
    worked += octets;
    if (worked >= MAX_ANSWER) {
      worked = 0;
      return context.reply().pause();
    }
    return context.reply().full() ? context.reply().room() : Uni.createFrom().voidItem();
  }

  private Uni<Void> stream(Row row, List<FetchItem> bound) {
    var message = context.reply().message(row.number(), row.uid());
    return Multi.createFrom()
        .iterable(bound)
        .onItem()
        .transformToUniAndConcatenate(item -> add(message, row, item))
        .onItem()
        .ignoreAsUni()
        .invoke(message::end)
        .onFailure()
        .invoke(message::fail);
  }

  private Uni<Void> add(MessageWriter message, Row row, FetchItem item) {
    var sent =
        item.atHand(row)
            ? message.add(item.data(row))
            : item.read(row, context.ports().blobs(), context.reply()).chain(message::add);
    return sent.chain(() -> rest(item.octets(row)));
  }
}
