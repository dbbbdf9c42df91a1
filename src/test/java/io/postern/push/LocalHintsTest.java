package io.postern.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LocalHintsTest {
  private final LocalHints hints = new LocalHints();

  private static Hint hint(long account, long modSeq) {
    var mailbox = new MailboxKey(new AccountId(account), new MailboxId(1));
    return new Hint(mailbox, new ModSeq(modSeq));
  }

  @Test
  void allWhoWatchTheAccountAreToldUntilTheyGiveUp() {
    List<Hint> one = new ArrayList<>();
    List<Hint> other = new ArrayList<>();
    var watch = hints.watch(new AccountId(1), one::add);
    hints.watch(new AccountId(1), other::add);
    hints.publish(hint(1, 5));
    hints.publish(hint(2, 6));
    watch.close();
    watch.close();
    hints.publish(hint(1, 7));
    assertThat(one).containsExactly(hint(1, 5));
    assertThat(other).containsExactly(hint(1, 5), hint(1, 7));
  }

  @Test
  void aWatcherIsToldOnItsOwnContext() throws Exception {
    var vertx = Vertx.vertx();
    try {
      var context = vertx.getOrCreateContext();
      var ready = new CompletableFuture<Context>();
      var told = new CompletableFuture<Context>();
      context.runOnContext(
          _ -> {
            hints.watch(new AccountId(1), _ -> told.complete(Vertx.currentContext()));
            ready.complete(context);
          });
      ready.get(5, TimeUnit.SECONDS);
      hints.publish(hint(1, 5));
      assertThat(told.get(5, TimeUnit.SECONDS)).isSameAs(context);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }
  }
}
