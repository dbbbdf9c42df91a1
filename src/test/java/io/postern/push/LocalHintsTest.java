package io.postern.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LocalHintsTest {
  private static final AccountId ACCOUNT = new AccountId(1);
  private static final AccountId OTHER = new AccountId(2);
  private final LocalHints hints = new LocalHints();
  private final List<Hint> seen = new ArrayList<>();

  @Test
  void watchersOfTheAccountAndNoOthersAreCalled() {
    hints.watch(ACCOUNT, seen::add);
    hints.watch(ACCOUNT, seen::add);
    hints.watch(OTHER, seen::add);
    hints.publish(hint(ACCOUNT, 5));
    assertThat(seen).containsExactly(hint(ACCOUNT, 5), hint(ACCOUNT, 5));
    hints.publish(hint(new AccountId(3), 5));
    assertThat(seen).hasSize(2);
  }

  @Test
  void aClosedSubscriptionIsNotCalledAndIsRemoved() {
    try (var stays = hints.watch(ACCOUNT, seen::add)) {
      var watch = hints.watch(ACCOUNT, h -> seen.clear());
      assertThat(hints.subscriptions()).isEqualTo(2);
      watch.close();
      watch.close();
      hints.publish(hint(ACCOUNT, 5));
      assertThat(seen).hasSize(1);
      assertThat(stays).isNotNull();
    }
    assertThat(hints.subscriptions()).isZero();
  }

  @Test
  void aFailingWatcherAffectsNoOther() {
    hints.watch(
        ACCOUNT,
        h -> {
          throw new IllegalStateException("a fault of the test's own");
        });
    hints.watch(ACCOUNT, seen::add);
    hints.publish(hint(ACCOUNT, 5));
    assertThat(seen).hasSize(1);
  }

  @Test
  void watchersAreCalledOnTheirOwnContext() throws Exception {
    var vertx = Vertx.vertx();
    try {
      Map<Context, CompletableFuture<Context>> results = new HashMap<>();
      for (int i = 0; i < 3; i++) {
        var context = vertx.getOrCreateContext();
        var result = new CompletableFuture<Context>();
        results.put(context, result);
        on(context, () -> hints.watch(ACCOUNT, h -> result.complete(Vertx.currentContext())));
      }
      hints.publish(hint(ACCOUNT, 5));
      for (var e : results.entrySet()) {
        assertThat(e.getValue().get(10, TimeUnit.SECONDS)).isSameAs(e.getKey());
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aSubscriptionClosedOnItsContextGetsNoPendingHint() throws Exception {
    var vertx = Vertx.vertx();
    try {
      var context = vertx.getOrCreateContext();
      on(
          context,
          () -> {
            var watch = hints.watch(ACCOUNT, seen::add);
            hints.publish(hint(ACCOUNT, 5));
            watch.close();
          });
      on(context, () -> {});
      assertThat(seen).isEmpty();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void concurrentSubscribingLosesNoWatcher() throws Exception {
    var called = ConcurrentHashMap.<Integer>newKeySet();
    var ready = new CountDownLatch(4);
    var threads =
        IntStream.range(0, 4)
            .mapToObj(
                t ->
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              ready.countDown();
                              for (int i = 0; i < 200; i++) {
                                int id = t * 1_000 + i;
                                var brief = hints.watch(ACCOUNT, h -> {});
                                hints.watch(ACCOUNT, h -> called.add(id));
                                brief.close();
                              }
                            }))
            .toList();
    for (var thread : threads) {
      thread.join();
    }
    hints.publish(hint(ACCOUNT, 5));
    assertThat(called).hasSize(800);
    assertThat(hints.subscriptions()).isEqualTo(800);
  }

  private static void on(Context context, Runnable work) throws Exception {
    var done = new CompletableFuture<Void>();
    context.runOnContext(
        _ -> {
          work.run();
          done.complete(null);
        });
    done.get(10, TimeUnit.SECONDS);
  }

  private static Hint hint(AccountId account, long modSeq) {
    return new Hint(new MailboxKey(account, new MailboxId(9)), new ModSeq(modSeq), 0);
  }
}
