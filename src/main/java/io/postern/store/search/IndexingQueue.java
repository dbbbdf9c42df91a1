package io.postern.store.search;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The contents whose text is to be indexed, each once, in the order of arrival. A full queue drops
 * what is offered. Any thread may offer; one at a time takes.
 */
public final class IndexingQueue {
  /** How many contents may wait, some 100 octets each; each thread may offer one more. */
  static final int MOST = 20_000;

  /** Most contents of a batch. */
  static final int BATCH = 64;

  private final Queue<Waiting> order = new ConcurrentLinkedQueue<>();
  private final Set<Waiting> members = ConcurrentHashMap.newKeySet();
  private final AtomicInteger size = new AtomicInteger();
  private final LongAdder dropped = new LongAdder();

  private record Waiting(AccountId account, ContentId content) {
    // Written out: a native executable interprets what the compiler makes of a record, at length.
    @Override
    public boolean equals(Object other) {
      return other instanceof Waiting it
          && content.equals(it.content)
          && account.equals(it.account);
    }

    @Override
    public int hashCode() {
      return 31 * account.hashCode() + content.hashCode();
    }
  }

  /** Contents of one account. */
  record Batch(AccountId account, List<ContentId> contents) {}

  /** Adds a content, unless it waits already. */
  public void offer(AccountId account, ContentId content) {
    var waiting = new Waiting(account, content);
    if (members.contains(waiting)) {
      return;
    }
    if (size.get() >= MOST) {
      dropped.increment();
    } else if (members.add(waiting)) {
      size.incrementAndGet();
      order.add(waiting);
    }
  }

  /** Takes the contents that have waited longest, by account; nothing when none waits. */
  List<Batch> take(int most) {
    var accounts = new LinkedHashMap<AccountId, List<ContentId>>();
    for (int taken = 0; taken < most; taken++) {
      var next = order.poll();
      if (next == null) {
        break;
      }
      members.remove(next);
      size.decrementAndGet();
      accounts.computeIfAbsent(next.account, _ -> new ArrayList<>()).add(next.content);
    }
    var batches = new ArrayList<Batch>();
    accounts.forEach(
        (account, contents) -> {
          for (int from = 0; from < contents.size(); from += BATCH) {
            int to = Math.min(contents.size(), from + BATCH);
            batches.add(new Batch(account, List.copyOf(contents.subList(from, to))));
          }
        });
    return batches;
  }

  /** How many contents wait. */
  public int size() {
    return size.get();
  }

  /** How many were dropped because too many waited. */
  public long dropped() {
    return dropped.sum();
  }
}
