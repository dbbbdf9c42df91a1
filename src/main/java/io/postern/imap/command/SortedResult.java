package io.postern.imap.command;

import io.postern.imap.response.Untagged.ReturnData;
import io.postern.imap.selected.FollowedSearches;
import io.postern.imap.spi.SearchReturn;
import io.postern.imap.spi.SearchReturn.Result.Order;
import io.postern.model.NumberSet;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A sorted result that a client follows (RFC 5267 §4.3): it is sent where messages leave it and
 * where they come in. What SORT compares never changes, so messages that stay keep their order;
 * only when messages come in all are sorted again.
 */
final class SortedResult implements FollowedSearches.Followed {
  /** Most messages of a sorted result that is followed. */
  static final int MOST = 10_000;

  private final FollowedResult result;
  private final Order order;
  private long[] uids;

  /**
   * @param result the same messages, unsorted
   */
  SortedResult(FollowedResult result, SearchReturn.Result first, Order order) {
    this.result = result;
    this.order = order;
    this.uids = new long[first.count()];
    Arrays.setAll(uids, first::uid);
  }

  @Override
  public void gone(MailboxIndex index, NumberSet expunged) {
    var data = new ArrayList<ReturnData>();
    remove(index, result.remove(expunged), data);
    result.send(data);
  }

  @Override
  public Uni<Void> changed(MailboxIndex index, long newFrom, NumberSet changed) {
    return result.orCancelled(
        result
            .change(index, changed)
            .chain(
                change -> {
                  var data = new ArrayList<ReturnData>();
                  remove(index, change.removed(), data);
                  return add(index, change.added(), data)
                      .chain(() -> result.sendData(index, newFrom, change.added()))
                      .invoke(() -> result.send(data));
                }));
  }

  /** A place is that after the removals before it. */
  private void remove(MailboxIndex index, NumberSet removed, List<ReturnData> data) {
    if (removed.isEmpty()) {
      return;
    }
    var kept = new long[uids.length - (int) removed.size()];
    var places = new long[(int) removed.size()];
    var numbers = new long[places.length];
    int stay = 0;
    int leave = 0;
    for (long uid : uids) {
      if (removed.contains(uid)) {
        places[leave] = stay + 1L;
        numbers[leave++] = result.number(index, uid);
      } else {
        kept[stay++] = uid;
      }
    }
    uids = kept;
    data.add(new ReturnData.Placed("REMOVEFROM", places, numbers));
  }

  /** In the order of their places, each is the one that the message has in the end. */
  private Uni<Void> add(MailboxIndex index, NumberSet added, List<ReturnData> data) {
    if (added.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    if (uids.length + added.size() > MOST) {
      throw new IllegalStateException("the sorted result is too long to be followed");
    }
    var all = new NumberSet.Builder();
    var kept = uids.clone();
    Arrays.sort(kept);
    NumberSet.of(Arrays.stream(kept)).union(added).stream().forEach(all::add);
    int[] positions = index.present(all.build()).stream().mapToInt(index::countBelow).toArray();
    return order
        .sorted(index, positions)
        .invoke(
            sorted -> {
              var now = Arrays.stream(sorted).mapToLong(index::uid).toArray();
              var places = new long[(int) added.size()];
              var numbers = new long[places.length];
              int come = 0;
              for (int i = 0; i < now.length; i++) {
                if (added.contains(now[i])) {
                  places[come] = i + 1L;
                  numbers[come++] = result.number(index, now[i]);
                }
              }
              uids = now;
              data.add(
                  new ReturnData.Placed(
                      "ADDTO", Arrays.copyOf(places, come), Arrays.copyOf(numbers, come)));
            })
        .replaceWithVoid();
  }
}
