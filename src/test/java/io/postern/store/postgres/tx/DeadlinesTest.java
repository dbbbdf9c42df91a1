package io.postern.store.postgres.tx;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The deadlines of an event loop. */
class DeadlinesTest {
  private final Vertx vertx = Vertx.vertx();
  private final ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
  private final Deadlines deadlines = new Deadlines(context);
  private final List<String> expired = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void aDeadlineIsNeverEarlyAndARemovedOneNeverComes() throws Exception {
    var last = new CompletableFuture<Long>();
    var began = new CompletableFuture<Long>();
    context.runOnContext(
        _ -> {
          began.complete(System.nanoTime());
          var removed = deadlines.add(50, () -> expired.add("removed"));
          deadlines.add(
              600,
              () -> {
                expired.add("last");
                last.complete(System.nanoTime());
              });
          deadlines.add(50, () -> expired.add("first"));
          removed.remove();
          removed.remove();
        });
    long took = last.get(30, TimeUnit.SECONDS) - began.get(30, TimeUnit.SECONDS);
    assertThat(took).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(600));
    assertThat(expired).containsExactly("first", "last");
  }

  @Test
  void aDeadlineComesAfterThereWereNone() throws Exception {
    for (int i = 0; i < 3; i++) {
      var passed = new CompletableFuture<Boolean>();
      context.runOnContext(_ -> deadlines.add(1, () -> passed.complete(true)));
      assertThat(passed.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
