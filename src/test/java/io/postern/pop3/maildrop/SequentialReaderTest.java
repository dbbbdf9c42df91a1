package io.postern.pop3.maildrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.cancellation.CancellationToken;
import io.postern.config.area.Pop3Settings.SortOrder;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.model.UidValidity;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.store.Messages;
import io.postern.store.Messages.Loaded;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.index.MailboxIndex;
import io.postern.wire.Outbox;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SequentialReaderTest {
  private static final int MESSAGES = 100;
  private static final int SIZE = 32 * 1024;

  /** How many of them are read at once. */
  private static final int WINDOW = SequentialReader.WINDOW / SIZE;

  private final List<List<Long>> asked = new ArrayList<>();
  private Optional<CancellationToken> token = Optional.empty();
  private Uni<Void> answer = Uni.createFrom().voidItem();
  private final SequentialReader reader = new SequentialReader(messages(), new Memory());
  private final Maildrop maildrop = maildrop();

  /** Reads of the store that note what is asked for. */
  private Messages messages() {
    return (Messages)
        Proxy.newProxyInstance(
            Messages.class.getClassLoader(),
            new Class<?>[] {Messages.class},
            (_, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("prefetch");
              asked.add(
                  ((Collection<?>) arguments[1])
                      .stream().map(id -> ((ContentId) id).value()).toList());
              return CancellationToken.with(
                  subscribed -> {
                    token = Optional.of(subscribed);
                    return answer;
                  });
            });
  }

  private static final class Memory implements Outbox {
    @Override
    public Outbox write(Buffer bytes) {
      return this;
    }

    @Override
    public Outbox write(String latin1) {
      return this;
    }

    @Override
    public void flush() {}

    @Override
    public Uni<Void> room() {
      return Uni.createFrom().voidItem();
    }

    @Override
    public boolean full() {
      return false;
    }
  }

  /** Message n has the content n. */
  private static Maildrop maildrop() {
    var columns = new MessageColumns.Builder(MESSAGES);
    for (int n = 1; n <= MESSAGES; n++) {
      columns.add(n, 0, 1, SIZE, 0, 0, n);
    }
    var state =
        new MailboxState(
            new UidValidity(17), MESSAGES + 1, new ModSeq(3), MESSAGES, MESSAGES, SIZE, 1);
    var index = MailboxIndex.of(new Loaded(state, columns.build(), Keywords.NONE));
    var inbox = new MailboxKey(new AccountId(1), new MailboxId(1));
    return Maildrop.of(inbox, index, Map.of(), SortOrder.ASCENDING);
  }

  private void retrieve(long number) {
    reader.before(maildrop, number).await().atMost(Duration.ofSeconds(20));
  }

  @Test
  void theFirstIsReadWithAFewThatFollow() {
    retrieve(30);
    assertThat(asked).containsExactly(List.of(30L, 31L));
    assertThat(2 * SIZE).isEqualTo(SequentialReader.FIRST_WINDOW);
    retrieve(31);
    assertThat(asked).hasSize(2);
    assertThat(asked.get(1)).hasSize(WINDOW).startsWith(32L, 33L);
  }

  @Test
  void afterAnotherSequenceNothingIsReadAheadUntilTwoFollowEachOther() {
    for (long number : List.of(1L, 5L, 4L, 40L, 1L)) {
      retrieve(number);
    }
    assertThat(asked).hasSize(1);
    retrieve(2);
    assertThat(asked).hasSize(2);
    assertThat(asked.get(1)).hasSize(WINDOW).startsWith(2L, 3L, 4L).endsWith(1L + WINDOW);
  }

  @Test
  void theNextOnesAreReadWhileTheLastAreRetrieved() {
    for (long number = 1; number < 3 + WINDOW / 2; number++) {
      retrieve(number);
    }
    assertThat(asked).hasSize(2);
    retrieve(3 + WINDOW / 2);
    assertThat(asked).hasSize(3);
    assertThat(asked.get(2)).startsWith(3L + WINDOW).hasSize(WINDOW);
  }

  @Test
  void everyMessageIsReadOnce() {
    for (long number = 1; number <= MESSAGES; number++) {
      retrieve(number);
    }
    assertThat(asked.stream().flatMap(List::stream)).doesNotHaveDuplicates().hasSize(MESSAGES);
    assertThat(asked).hasSize((MESSAGES - 3) / WINDOW + 2);
  }

  @Test
  void deletedMessagesAreNotRead() {
    maildrop.delete(3);
    retrieve(1);
    retrieve(2);
    assertThat(asked).hasSize(2);
    assertThat(asked.get(1)).startsWith(4L, 5L);
  }

  @Test
  void anotherSequenceBeginsAnew() {
    retrieve(50);
    retrieve(51);
    retrieve(10);
    retrieve(11);
    assertThat(asked.get(2)).startsWith(11L);
  }

  @Test
  void aRetrievalAwaitsWhatWasAskedFor() {
    answer = Uni.createFrom().nothing();
    var awaiting =
        reader.before(maildrop, 1).subscribe().withSubscriber(UniAssertSubscriber.create());
    awaiting.assertNotTerminated();
  }

  @Test
  void aFailureIsLeftToTheReadOfTheMessage() {
    answer = Uni.createFrom().failure(new StoreException(new StoreFailure.Unavailable("gone")));
    retrieve(1);
    retrieve(2);
    assertThat(asked).hasSize(2);
  }

  @Test
  void theEndOfTheConnectionCancelsIt() {
    answer = Uni.createFrom().nothing();
    reader.before(maildrop, 1).subscribe().with(_ -> {});
    assertThat(token.orElseThrow().cancelled()).isFalse();
    reader.end();
    assertThat(token.orElseThrow().cancelled()).isTrue();
  }
}
