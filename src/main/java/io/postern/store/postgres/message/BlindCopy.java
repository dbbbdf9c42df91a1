package io.postern.store.postgres.message;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.SystemFlag;
import io.postern.store.Destination;
import io.postern.store.Messages.Copied;
import io.postern.store.index.MailboxIndex;
import io.postern.store.postgres.page.FactsCodec;
import io.postern.store.postgres.page.FlagsCodec;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import java.util.Optional;

/**
 * A copy of messages without keywords to a mailbox of which nothing is known.
 *
 * @param source the mailbox that they are in
 * @param chosen what remains of it after a move
 * @param now when they are copied, in epoch seconds
 */
record BlindCopy(
    MailboxKey from, Destination to, MailboxIndex source, IndexOperation.Result chosen, long now) {
  private MessageColumns messages() {
    return chosen.removed();
  }

  private int unseen() {
    return (int)
        Arrays.stream(messages().flags())
            .filter(flags -> (flags & SystemFlag.SEEN.bit()) == 0)
            .count();
  }

  private long octets() {
    return Arrays.stream(messages().sizes()).asLongStream().sum();
  }

  /** The arguments of {@link CopyStatements#blind}. */
  Tuple arguments(boolean move, QuotaCheck quota) {
    var tuple = Tuple.of(from.account().value(), from.mailbox().value());
    switch (to) {
      case Destination.Keyed(var key) -> tuple.addLong(key.mailbox().value());
      case Destination.Named(_, var name, _) -> tuple.addString(name.value());
    }
    int count = messages().size();
    tuple
        .addLong(source.uidValidity().value())
        .addLong(source.modSeq().value())
        .addInteger(count)
        .addInteger(unseen())
        .addLong(octets())
        .addArrayOfLong(
            Arrays.stream(messages().flags()).mapToObj(FlagsCodec::stored).toArray(Long[]::new))
        .addBuffer(FactsCodec.encode(placed(1, 0), 1, count + 1L));
    return move ? CopyStatements.removal(tuple, chosen) : quota.add(tuple);
  }

  /** The messages as they come to lie in the target. */
  private MessageColumns placed(long firstUid, long modSeq) {
    var old = messages();
    var rows = new MessageColumns.Builder(old.size());
    for (int i = 0; i < old.size(); i++) {
      rows.add(
          firstUid + i,
          old.flags()[i],
          modSeq,
          old.sizes()[i],
          old.internalDates()[i],
          now,
          old.contents()[i]);
    }
    return rows.build();
  }

  /**
   * The result.
   *
   * @param row the target's counters after it
   */
  Copied copied(Row row, boolean move) {
    int count = messages().size();
    var after = MailboxStateRow.of(row);
    long first = after.state().uidNext() - count;
    return new Copied(
        MailboxStateRow.key(to.account(), row, 0),
        after.state().uidValidity(),
        chosen.change().gone(),
        NumberSet.range(first, first + count - 1),
        Optional.of(
            after
                .before(count, 1, unseen(), octets())
                .changedTo(after, placed(first, after.modSeq()))),
        move ? Optional.of(chosen.change()) : Optional.empty());
  }
}
