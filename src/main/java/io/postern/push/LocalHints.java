package io.postern.push;

import io.postern.model.Ids.AccountId;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hints among the sessions of one node. */
public final class LocalHints implements Hints {
  private final Map<AccountId, Set<LocalWatch>> watches = new ConcurrentHashMap<>();

  @Override
  public void publish(Hint hint) {
    watches.getOrDefault(hint.mailbox().account(), Set.of()).forEach(watch -> watch.tell(hint));
  }

  @Override
  public Watch watch(AccountId account, Consumer<Hint> watcher) {
    // Null away from the event loops and workers of Vert.x.
    @Nullable Context context = Vertx.currentContext();
    var watch = new LocalWatch(account, watcher, Optional.ofNullable(context));
    watches.compute(
        account,
        (_, there) -> {
          var set = there == null ? ConcurrentHashMap.<LocalWatch>newKeySet() : there;
          set.add(watch);
          return set;
        });
    return watch;
  }

  private final class LocalWatch implements Watch {
    private final AccountId account;
    private final Consumer<Hint> watcher;
    private final Optional<Context> context;

    LocalWatch(AccountId account, Consumer<Hint> watcher, Optional<Context> context) {
      this.account = account;
      this.watcher = watcher;
      this.context = context;
    }

    void tell(Hint hint) {
      context.ifPresentOrElse(
          c -> c.runOnContext(_ -> watcher.accept(hint)), () -> watcher.accept(hint));
    }

    @Override
    public void close() {
      watches.computeIfPresent(
          account,
          (_, there) -> {
            there.remove(this);
            return there.isEmpty() ? null : there;
          });
    }
  }
}
