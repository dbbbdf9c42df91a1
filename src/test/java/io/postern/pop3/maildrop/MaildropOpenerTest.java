package io.postern.pop3.maildrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.auth.Identity;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.model.Ids.ContentId;
import io.postern.pop3.maildrop.MaildropOpener.Result;
import io.postern.store.MaildropLocks;
import io.postern.store.Messages;
import io.postern.store.SampleMessages;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryMaildropLocks;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryStore;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MaildropOpenerTest {
  private final MemoryStore store = new MemoryStore();
  private final MemoryAccounts accounts = new MemoryAccounts(store);
  private final MemoryMaildropLocks locks = new MemoryMaildropLocks(store);
  private final Identity user =
      new Identity(
          await(accounts.create("u@example.test", Verifiers.of(new Secret("$none$")))),
          "u@example.test",
          "u@example.test");

  private final Queue<Runnable> timers = new ArrayDeque<>();
  private final List<CloseReason> closed = new ArrayList<>();
  private final AtomicInteger renewals = new AtomicInteger();
  private Uni<Map<ContentId, Long>> measuring = Uni.createFrom().item(Map.of());
  private final KnownSizes sizes = new KnownSizes();
  private boolean lost;
  private int measurements;

  @Test
  void oneAtATimeHasTheMaildrop() {
    var first = (Result.Opened) open();
    assertThat(open()).isInstanceOfSatisfying(Result.Refused.class, r -> code(r, "IN-USE"));
    first.lease().giveUp();
    assertThat(open()).isInstanceOf(Result.Opened.class);
  }

  @Test
  void withADelayTheNextHasToWait() {
    var first = (Result.Opened) open("mail.pop3.login-delay=PT1H");
    first.lease().giveUp();
    assertThat(open("mail.pop3.login-delay=PT1H"))
        .isInstanceOfSatisfying(Result.Refused.class, r -> code(r, "LOGIN-DELAY"));
    assertThat(open()).isInstanceOf(Result.Opened.class);
  }

  private static void code(Result.Refused refused, String code) {
    assertThat(refused.code()).isEqualTo(code);
  }

  /** Measuring what an older version stored may take longer than the lock is held unrenewed. */
  @Test
  void theLockIsRenewedWhileMessagesAreMeasured() {
    var measured = new CompletableFuture<Map<ContentId, Long>>();
    measuring = Uni.createFrom().completionStage(measured);
    var opened = opening().subscribeAsCompletionStage();
    for (int i = 1; i <= 3; i++) {
      timers.remove().run();
      assertThat(renewals).hasValue(i);
    }
    measured.complete(Map.of());
    assertThat(opened).isCompletedWithValueMatching(Result.Opened.class::isInstance);
    timers.remove().run();
    assertThat(renewals).hasValue(4);
    ((Result.Opened) opened.join()).lease().giveUp();
    assertThat(timers).isEmpty();
  }

  @Test
  void aLockThatIsLostWhileMessagesAreMeasuredEndsTheSession() {
    measuring = Uni.createFrom().nothing();
    var _ = opening().subscribeAsCompletionStage();
    lost = true;
    timers.remove().run();
    assertThat(closed).containsExactly(CloseReason.REVOKED);
  }

  @Test
  void theLockIsReleasedWhenMeasuringEndsWithTheConnection() {
    var measured = new CompletableFuture<Map<ContentId, Long>>();
    measuring = Uni.createFrom().completionStage(measured);
    var opened = opening().subscribeAsCompletionStage();
    measured.completeExceptionally(new CancellationException());
    assertThat(opened).isCompletedExceptionally();
    assertThat(timers).isEmpty();
    measuring = Uni.createFrom().item(Map.of());
    assertThat(open()).isInstanceOf(Result.Opened.class);
  }

  @Test
  void sizesAreReadAgainOnlyForNewMessages() {
    for (int n = 0; n < 3; n++) {
      ((Result.Opened) open()).lease().giveUp();
    }
    assertThat(measurements).isEqualTo(1);
    var opened = (Result.Opened) open();
    var lock = opened.lease().end();
    await(new MemoryMessages(store).append(lock.mailbox(), List.of(SampleMessages.message("new"))));
    await(locks.release(lock));
    ((Result.Opened) open()).lease().giveUp();
    assertThat(measurements).isEqualTo(2);
  }

  @Test
  void sizesThatDifferAreReadEachTime() {
    measuring = Uni.createFrom().item(Map.of(new ContentId(1), 7L));
    for (int n = 0; n < 2; n++) {
      ((Result.Opened) open()).lease().giveUp();
    }
    assertThat(measurements).isEqualTo(2);
  }

  private Uni<Map<ContentId, Long>> measured(Uni<Map<ContentId, Long>> sizes) {
    measurements++;
    return sizes;
  }

  private Result open(String... settings) {
    return await(opening(settings));
  }

  /** A connection whose timers the test runs. */
  private Connection connection() {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "id" -> "0000000000000001";
                  case "close" -> closed.add((CloseReason) arguments[0]);
                  case "after" -> {
                    var task = (Runnable) arguments[1];
                    timers.add(task);
                    yield (Connection.Cancellation) () -> timers.remove(task);
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  /** The locks, with their renewals counted. */
  private MaildropLocks counted() {
    return (MaildropLocks)
        Proxy.newProxyInstance(
            MaildropLocks.class.getClassLoader(),
            new Class<?>[] {MaildropLocks.class},
            (_, method, arguments) -> {
              if (method.getName().equals("renew")) {
                renewals.incrementAndGet();
                return lost ? Uni.createFrom().item(false) : method.invoke(locks, arguments);
              }
              return method.invoke(locks, arguments);
            });
  }

  private Messages slow(Messages messages) {
    return (Messages)
        Proxy.newProxyInstance(
            Messages.class.getClassLoader(),
            new Class<?>[] {Messages.class},
            (_, method, arguments) ->
                method.getName().equals("crlfSizes")
                    ? measured(measuring)
                    : method.invoke(messages, arguments));
  }

  private Uni<Result> opening(String... settings) {
    var messages = slow(new MemoryMessages(store));
    var ports =
        new MaildropPorts(
            messages,
            new MailboxIndexes(messages, 1 << 20),
            counted(),
            sizes,
            new Live(TestSettings.of(settings)));
    return new MaildropOpener(ports, connection()).open(user);
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(20));
  }
}
