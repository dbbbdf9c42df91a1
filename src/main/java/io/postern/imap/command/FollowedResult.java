package io.postern.imap.command;

import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.response.Untagged;
import io.postern.imap.response.Untagged.ReturnData;
import io.postern.imap.selected.FollowedSearches;
import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.FetchItem;
import io.postern.imap.spi.SearchReturn;
import io.postern.model.NumberSet;
import io.postern.model.message.Criterion;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of a search that a client follows (RFC 5267 §4.3): what changes is searched again, by
 * the same criteria.
 */
public final class FollowedResult implements FollowedSearches.Followed {
  private final CommandContext context;
  private final View view;
  private final boolean byUid;
  private final Criterion criterion;
  private final List<FetchItem> items;
  private NumberSet matching;

  private FollowedResult(
      CommandContext context,
      SearchReturn.Result first,
      Criterion criterion,
      List<FetchItem> items) {
    this.context = context;
    this.view = first.view();
    this.byUid = first.byUid();
    this.criterion = criterion;
    this.items = items;
    this.matching = first.uids();
  }

  /**
   * Follows a result from now on, or says that it is not followed: when too many are, when it is
   * sorted and long, or when the criteria have sequence numbers, which mean the messages of one
   * moment.
   *
   * @param context of the search
   * @param items data that are sent of messages that are new in it; none for no data
   */
  public static void follow(
      CommandContext context,
      SearchReturn.Result result,
      Criterion criterion,
      List<FetchItem> items) {
    boolean followed =
        !criterion.mentions(Criterion.Numbered.class)
            && !(result.sorted() && result.count() > SortedResult.MOST)
            && result
                .view()
                .followed()
                .follow(context.tag(), followed(context, result, criterion, items));
    if (!followed) {
      refuse(context, "The result of this search is not followed.");
    }
  }

  private static FollowedSearches.Followed followed(
      CommandContext context,
      SearchReturn.Result result,
      Criterion criterion,
      List<FetchItem> items) {
    var unsorted = new FollowedResult(context, result, criterion, items);
    return result
        .order()
        .<FollowedSearches.Followed>map(order -> new SortedResult(unsorted, result, order))
        .orElse(unsorted);
  }

  /** RFC 5267 §4.3.1 */
  private static void refuse(CommandContext context, String text) {
    context
        .reply()
        .send(StatusResponse.of(Condition.NO, new ResponseCode.NoUpdate(context.tag()), text));
  }

  /** RFC 5267 §4.3.4: before the messages are expunged for the client. */
  @Override
  public void gone(MailboxIndex index, NumberSet uids) {
    send(index, remove(uids), NumberSet.EMPTY);
  }

  /** Those of the messages that were in the result, and are not any more. */
  NumberSet remove(NumberSet uids) {
    var removed = matching.intersection(uids);
    matching = matching.minus(removed);
    return removed;
  }

  @Override
  public Uni<Void> changed(MailboxIndex index, long newFrom, NumberSet uids) {
    return orCancelled(
        change(index, uids)
            .chain(
                change ->
                    sendData(index, newFrom, change.added)
                        .invoke(() -> send(index, change.removed, change.added))));
  }

  /** How the result has changed. */
  record Change(NumberSet removed, NumberSet added) {}

  /** Searches these messages again. */
  Uni<Change> change(MailboxIndex index, NumberSet uids) {
    var among = new Criterion.And(List.of(new Criterion.InUids(uids), criterion));
    return SearchRun.positions(context, view, index, among, SearchBudget.of(context))
        .map(
            positions -> {
              var now = new SearchReturn.Result(view, index, positions, byUid).uids();
              var removed = matching.intersection(uids).minus(now);
              var added = now.minus(matching);
              matching = matching.minus(removed).union(added);
              return new Change(removed, added);
            });
  }

  /** The update that caused this was sent: a later one would not make up for it. */
  Uni<Void> orCancelled(Uni<Void> update) {
    return update
        .onFailure()
        .recoverWithUni(
            () -> {
              view.followed().cancel(context.tag());
              refuse(context, "The result of this search could not be followed.");
              return Uni.createFrom().voidItem();
            });
  }

  /** RFC 5465 §7: between EXISTS and ESEARCH. */
  Uni<Void> sendData(MailboxIndex index, long newFrom, NumberSet added) {
    var news = added.intersection(NumberSet.range(newFrom, Math.max(newFrom, index.uidNext() - 1)));
    return items.isEmpty() || news.isEmpty()
        ? Uni.createFrom().voidItem()
        : new NewMessageData(context, items).send(view, index, news);
  }

  private void send(MailboxIndex index, NumberSet removed, NumberSet added) {
    var data = new ArrayList<ReturnData>();
    if (!removed.isEmpty()) {
      data.add(new ReturnData.Update("REMOVEFROM", numbers(index, removed)));
    }
    if (!added.isEmpty()) {
      data.add(new ReturnData.Update("ADDTO", numbers(index, added)));
    }
    send(data);
  }

  void send(List<ReturnData> data) {
    if (!data.isEmpty()) {
      context.reply().send(new Untagged.Esearch(context.tag(), byUid, data));
    }
  }

  /** The number that the client gets for a message. */
  long number(MailboxIndex index, long uid) {
    return byUid ? uid : view.number(index, uid);
  }

  private NumberSet numbers(MailboxIndex index, NumberSet uids) {
    return byUid ? uids : NumberSet.of(uids.stream().map(uid -> view.number(index, uid)));
  }
}
