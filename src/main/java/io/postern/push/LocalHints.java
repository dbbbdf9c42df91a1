package io.postern.push;

import io.postern.model.Ids.AccountId;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Hints among the sessions of this node. Nothing is kept: a hint that nobody watches for is gone.
 * What a watcher throws is logged and hurts neither the publisher nor another watcher.
 */
public final class LocalHints implements Hints {
  private static final System.Logger LOG = System.getLogger(LocalHints.class.getName());

  private final ConcurrentMap<AccountId, List<Watcher>> watchers = new ConcurrentHashMap<>();

  @Override
  public void publish(Hint hint) {
    watchers
        .getOrDefault(hint.mailbox().account(), List.of())
        .forEach(watcher -> watcher.hand(hint));
  }

  @Override
  public Watch watch(AccountId account, Consumer<Hint> watcher) {
    var added = new Watcher(account, watcher, Optional.ofNullable(Vertx.currentContext()));
    watchers.merge(
        account, List.of(added), (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
    return added;
  }

  /** How many watches are open. */
  public int watches() {
    return watchers.values().stream().mapToInt(List::size).sum();
  }

  private final class Watcher implements Watch {
    private final AccountId account;
    private final Consumer<Hint> consumer;
    private final Optional<Context> context;
    private final AtomicBoolean closed = new AtomicBoolean();

    Watcher(AccountId account, Consumer<Hint> consumer, Optional<Context> context) {
      this.account = account;
      this.consumer = consumer;
      this.context = context;
    }

    /** Even on its own context it is called later: never amid what the publisher does. */
    void hand(Hint hint) {
      context.ifPresentOrElse(c -> c.runOnContext(_ -> tell(hint)), () -> tell(hint));
    }

    private void tell(Hint hint) {
      if (closed.get()) {
        return;
      }
      try {
        consumer.accept(hint);
      } catch (RuntimeException fault) {
        LOG.log(System.Logger.Level.ERROR, "a watcher failed at " + hint, fault);
      }
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        watchers.computeIfPresent(
            account,
            (_, all) -> {
              var left = all.stream().filter(w -> w != this).toList();
              return left.isEmpty() ? null : left;
            });
      }
    }
  }
}
