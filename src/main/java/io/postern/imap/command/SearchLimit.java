package io.postern.imap.command;

import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.model.NumberSet;
import io.postern.model.Uid;
import io.postern.model.message.Criterion;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The most messages that one command searches (RFC 9738 §3.1): those that are looked at count, not
 * those that are found. The sets of numbers and UIDs that all messages found are in say which are
 * looked at. Not thread-safe.
 */
final class SearchLimit {
  private final CommandContext context;
  private final SearchBudget budget;
  private final MessageLimit limit;

  /** Messages that may still be looked at. */
  private int left;

  /**
   * @param budget of the command
   */
  SearchLimit(CommandContext context, SearchBudget budget) {
    this.context = context;
    this.budget = budget;
    this.limit = MessageLimit.of(context);
    this.left = limit.most();
  }

  /** A criterion, and the part of the messages that is searched with it. */
  record Narrowed(Criterion criterion, MessageLimit.Part part) {}

  /** Narrows a criterion to the messages with the highest UIDs of those that are looked at. */
  Uni<Narrowed> narrow(View view, MailboxIndex index, Criterion criterion) {
    return looked(view, index, criterion)
        .map(positions -> narrowed(criterion, limit.part(index, positions)));
  }

  private static Narrowed narrowed(Criterion criterion, MessageLimit.Part part) {
    if (part.lowest().isEmpty()) {
      return new Narrowed(criterion, part);
    }
    var among = new Criterion.InUids(NumberSet.range(part.lowest().getAsLong(), Uid.MAX));
    return new Narrowed(new Criterion.And(List.of(among, criterion)), part);
  }

  /**
   * Counts the messages of a search whose result would be wrong for a part of them (RFC 9738 §3.3).
   * Fails with {@link SearchBudget.Exceeded} if all searches of the command look at more than the
   * limit.
   */
  Uni<Void> count(View view, MailboxIndex index, Criterion criterion) {
    return looked(view, index, criterion)
        .invoke(
            positions -> {
              if (positions.length > left) {
                throw new SearchBudget.Exceeded(limit.refusal(OptionalLong.empty()));
              }
              left -= positions.length;
            })
        .replaceWithVoid();
  }

  /** The positions of the messages that are looked at; none if there is no limit. */
  private Uni<int[]> looked(View view, MailboxIndex index, Criterion criterion) {
    if (limit.isNone()) {
      return Uni.createFrom().item(new int[0]);
    }
    var sets = new Criterion.And(sets(criterion).toList());
    return SearchRun.positions(context, view, index, sets, budget);
  }

  private static Stream<Criterion> sets(Criterion criterion) {
    return switch (criterion) {
      case Criterion.And(var all) -> all.stream().flatMap(SearchLimit::sets);
      case Criterion.Numbered _, Criterion.HasUid _, Criterion.InUids _ -> Stream.of(criterion);
      case Criterion.All _,
          Criterion.Or _,
          Criterion.Not _,
          Criterion.Fuzzy _,
          Criterion.HasFlag _,
          Criterion.HasKeyword _,
          Criterion.Recent _,
          Criterion.ModSeqFrom _,
          Criterion.Larger _,
          Criterion.Smaller _,
          Criterion.HasContent _,
          Criterion.InternalTime _,
          Criterion.SavedDay _,
          Criterion.InternalDay _,
          Criterion.SentDay _,
          Criterion.Header _,
          Criterion.Addresses _,
          Criterion.Body _,
          Criterion.Text _ ->
          Stream.empty();
    };
  }
}
