package io.postern.push;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Hints among the sessions of this node. Nothing is kept: a hint without a watcher is dropped. An
 * exception of a watcher is logged and affects neither the publisher nor another watcher.
 */
public final class LocalHints implements Hints {
  private static final System.Logger LOG = System.getLogger(LocalHints.class.getName());

  private final ConcurrentMap<AccountId, List<LocalSubscription>> watchers =
      new ConcurrentHashMap<>();

  @Override
  public void publish(Hint hint) {
    watchers
        .getOrDefault(hint.mailbox().account(), List.of())
        .forEach(watcher -> watcher.deliver(hint));
  }

  @Override
  public Subscription watch(AccountId account, Watcher watcher) {
    var added =
        new LocalSubscription(account, watcher, Optional.ofNullable(Vertx.currentContext()));
    watchers.merge(
        account, List.of(added), (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
    return added;
  }

  /** Notifies all watchers of the account that hints may have been lost. */
  void resync(AccountId account) {
    watchers.getOrDefault(account, List.of()).forEach(LocalSubscription::deliverResync);
  }

  /** The number of open watches. */
  int subscriptions() {
    return watchers.values().stream().mapToInt(List::size).sum();
  }

  private final class LocalSubscription implements Subscription {
    private final AccountId account;
    private final Watcher watcher;
    private final Optional<Context> context;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** The last hint of each mailbox that was not delivered yet. */
    private final ConcurrentMap<MailboxKey, Hint> pending = new ConcurrentHashMap<>(4);

    private final AtomicBoolean scheduled = new AtomicBoolean();

    LocalSubscription(AccountId account, Watcher watcher, Optional<Context> context) {
      this.account = account;
      this.watcher = watcher;
      this.context = context;
    }

    /** The watcher is called later even on its own context: never within the publisher's work. */
    void deliver(Hint hint) {
      if (context.isEmpty()) {
        notify(() -> watcher.hinted(hint), hint);
        return;
      }
      pending.merge(hint.mailbox(), hint, Hint::merge);
      // However many hints arrive, one task waits on the event loop.
      if (scheduled.compareAndSet(false, true)) {
        context.get().runOnContext(_ -> drain());
      }
    }

    void deliverResync() {
      context.ifPresentOrElse(
          c -> c.runOnContext(_ -> notify(watcher::resync, "a lost hint")),
          () -> notify(watcher::resync, "a lost hint"));
    }

    private void drain() {
      // First this: a hint that arrives from now on schedules a task of its own.
      scheduled.set(false);
      for (var mailbox : pending.keySet()) {
        Optional.ofNullable(pending.remove(mailbox))
            .ifPresent(hint -> notify(() -> watcher.hinted(hint), hint));
      }
    }

    private void notify(Runnable call, Object what) {
      if (closed.get()) {
        return;
      }
      try {
        call.run();
      } catch (RuntimeException fault) {
        LOG.log(System.Logger.Level.ERROR, "a listener for hints failed: hint=" + what, fault);
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
