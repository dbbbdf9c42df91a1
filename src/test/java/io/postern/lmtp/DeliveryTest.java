package io.postern.lmtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.lmtp.LmtpState.Envelope;
import io.postern.lmtp.LmtpState.Recipient;
import io.postern.model.Ids.AccountId;
import io.postern.store.Destination;
import io.postern.store.Messages;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryBlobs;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryStore;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Deliveries to many recipients. */
class DeliveryTest {
  private final MemoryStore store = new MemoryStore();
  private final MemoryAccounts accounts = new MemoryAccounts(store);

  /** The appends that were begun and have not ended. */
  private final Map<AccountId, UniEmitter<? super Boolean>> begun = new LinkedHashMap<>();

  private final List<LmtpReply> replies = new ArrayList<>();
  private final Delivery delivery =
      new Delivery(
          accounts, slow(new MemoryMessages(store)), new MemoryBlobs(store), () -> Instant.EPOCH);

  /** Each append waits until {@link #end} is called for its account. */
  private Messages slow(Messages behind) {
    return (Messages)
        Proxy.newProxyInstance(
            Messages.class.getClassLoader(),
            new Class<?>[] {Messages.class},
            (_, method, arguments) -> {
              var account = ((Destination) arguments[0]).account();
              return Uni.createFrom()
                  .<Boolean>emitter(emitter -> begun.put(account, emitter))
                  .chain(() -> (Uni<?>) invoke(() -> method.invoke(behind, arguments)));
            });
  }

  private interface Call {
    Object invoke() throws InvocationTargetException, IllegalAccessException;
  }

  private static Object invoke(Call call) {
    try {
      return call.invoke();
    } catch (InvocationTargetException | IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Recipient> recipients(int count) {
    var all = new ArrayList<Recipient>();
    for (int i = 0; i < count; i++) {
      var name = "u" + i + "@example.test";
      var verifiers = new Verifiers(new Secret("x"), Optional.empty());
      var id = accounts.create(name, verifiers).await().indefinitely();
      all.add(new Recipient(new LmtpState.Mailbox.Here(id), name));
    }
    return all;
  }

  private void deliver(List<Recipient> recipients) {
    var trace = new TraceFields(false, "", false, "", new Envelope("", false, recipients));
    var sink = delivery.messageSink(trace);
    sink.write(Buffer.buffer("Subject: x\r\n\r\nx\r\n")).await().indefinitely();
    delivery
        .deliver(sink, trace)
        .subscribe()
        .with(
            replies::add,
            failure -> {
              throw new AssertionError(failure);
            });
  }

  private UniEmitter<? super Boolean> taken(Recipient recipient) {
    return Objects.requireNonNull(begun.remove(account(recipient)));
  }

  private static AccountId account(Recipient recipient) {
    return ((LmtpState.Mailbox.Here) recipient.mailbox()).account();
  }

  private void end(Recipient recipient) {
    taken(recipient).complete(true);
  }

  @Test
  void deliveriesRunSideBySideAndRepliesKeepTheirOrder() {
    var all = recipients(Delivery.CONCURRENCY + 2);
    deliver(all);
    assertThat(begun).hasSize(Delivery.CONCURRENCY);
    end(all.get(1));
    assertThat(replies).isEmpty();
    assertThat(begun).hasSize(Delivery.CONCURRENCY);
    taken(all.get(0))
        .fail(new StoreException(new StoreFailure.OverQuota(Optional.of(1L), Optional.empty())));
    assertThat(replies).containsExactly(LmtpReply.OVER_QUOTA, LmtpReply.DELIVERED);
    all.subList(2, all.size()).reversed().forEach(this::end);
    assertThat(replies).hasSize(all.size()).endsWith(LmtpReply.DELIVERED);
  }
}
