package io.postern.store.postgres.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.cancellation.CancellationToken;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.UidValidity;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.store.Destination;
import io.postern.store.Messages.Appended;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.NewMessage;
import io.postern.store.SampleMessages;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.postgres.message.MailboxQueue.Pending;
import io.postern.store.postgres.message.MailboxQueue.PendingAppend;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Batches of writes and their failures. */
class MailboxQueueTest {
  private static final MailboxKey ONE = new MailboxKey(new AccountId(1), new MailboxId(1));
  private static final MailboxKey OTHER = new MailboxKey(new AccountId(1), new MailboxId(2));
  private static final StoreFailure LIMIT = new StoreFailure.LimitReached("keywords", 1);

  private record Batch(MailboxKey mailbox, int appends, Promise<List<Changed>> answer) {
    void succeed() {
      answer.complete(Collections.nCopies(appends, change()));
    }
  }

  private final List<Batch> written = new ArrayList<>();
  private final AppendBatch appends = new AppendBatch(this::write);
  private final MailboxQueue queue = new MailboxQueue(this::run);

  private Future<?> run(List<Pending> batch) {
    return appends.run(batch.stream().map(PendingAppend.class::cast).toList());
  }

  private Future<List<Appended>> write(List<PendingAppend> appends) {
    var mailbox = ((Destination.Keyed) appends.getFirst().to()).key();
    var batch = new Batch(mailbox, appends.size(), Promise.promise());
    written.add(batch);
    return batch
        .answer
        .future()
        .map(changes -> changes.stream().map(it -> new Appended(mailbox, it)).toList());
  }

  private static Changed change() {
    var state = new MailboxState(new UidValidity(1), 1, ModSeq.FIRST, 0, 0, 0, 1);
    return new Changed(
        state, ModSeq.FIRST, ModSeq.FIRST, MessageColumns.EMPTY, NumberSet.EMPTY, Keywords.NONE);
  }

  private Future<Changed> append(MailboxKey mailbox) {
    return append(mailbox, List.of(SampleMessages.message("one")), CancellationToken.NONE);
  }

  private Future<Changed> append(
      MailboxKey mailbox, List<NewMessage> messages, CancellationToken token) {
    var answer = Promise.<Appended>promise();
    var to = new Destination.Keyed(mailbox);
    queue.add(to, new PendingAppend(to, messages, token, answer));
    return answer.future().map(Appended::change);
  }

  private List<Future<Changed>> append(MailboxKey mailbox, int times) {
    var all = new ArrayList<Future<Changed>>();
    for (int i = 0; i < times; i++) {
      all.add(append(mailbox));
    }
    return all;
  }

  @Test
  void theFirstAppendRunsAloneAndLaterOnesAreBatched() {
    append(ONE, 4);
    assertThat(written).extracting(Batch::appends).containsExactly(1);
    written.getFirst().succeed();
    assertThat(written).extracting(Batch::appends).containsExactly(1, 3);
  }

  @Test
  void mailboxesDoNotWaitForEachOther() {
    append(ONE);
    append(OTHER);
    assertThat(written).extracting(Batch::mailbox).containsExactly(ONE, OTHER);
  }

  @Test
  void aBatchIsBounded() {
    append(ONE, 1 + MailboxQueue.BATCH + 1);
    written.getFirst().succeed();
    written.get(1).succeed();
    assertThat(written).extracting(Batch::appends).containsExactly(1, MailboxQueue.BATCH, 1);
  }

  @Test
  void anAppendLargerThanABatchRunsWhole() {
    append(ONE);
    var many = Collections.nCopies(MailboxQueue.BATCH + 1, SampleMessages.message("one"));
    var large = append(ONE, many, CancellationToken.NONE);
    append(ONE);
    written.getFirst().succeed();
    assertThat(written).extracting(Batch::appends).containsExactly(1, 1);
    written.get(1).succeed();
    assertThat(large.succeeded()).isTrue();
    assertThat(written).extracting(Batch::appends).containsExactly(1, 1, 1);
  }

  @Test
  void anAppendAfterAnIdleQueueRunsAlone() {
    append(ONE);
    written.getFirst().succeed();
    append(ONE);
    assertThat(written).extracting(Batch::appends).containsExactly(1, 1);
  }

  @Test
  void aFailureIsReportedToItsAppendOnly() {
    append(ONE);
    var gathered = append(ONE, 3);
    written.getFirst().succeed();
    written.get(1).answer.fail(new StoreException(LIMIT));
    written.get(2).succeed();
    written.get(3).answer.fail(new StoreException(LIMIT));
    written.get(4).succeed();
    assertThat(written).extracting(Batch::appends).containsExactly(1, 3, 1, 1, 1);
    assertThat(gathered).extracting(Future::succeeded).containsExactly(true, false, true);
    append(ONE);
    assertThat(written).hasSize(6);
  }

  @Test
  void aMissingMailboxFailsTheWholeBatch() {
    append(ONE);
    var gathered = append(ONE, 3);
    written.getFirst().succeed();
    written.get(1).answer.fail(new StoreException(new StoreFailure.MailboxGone()));
    assertThat(gathered).extracting(Future::failed).containsOnly(true);
    assertThat(written).hasSize(2);
  }

  @Test
  void aBatchIsBoundedInOctets() {
    append(ONE);
    var half = "x".repeat(MailboxQueue.OCTETS / 2);
    for (int i = 0; i < 3; i++) {
      append(ONE, List.of(SampleMessages.message(half)), CancellationToken.NONE);
    }
    append(ONE);
    written.getFirst().succeed();
    written.get(1).succeed();
    written.get(2).succeed();
    assertThat(written).extracting(Batch::appends).containsExactly(1, 1, 1, 2);
  }

  @Test
  void aQueuedAppendOfADisconnectedClientIsNotExecuted() {
    var token = new CancellationToken();
    append(ONE);
    var gone = append(ONE, List.of(SampleMessages.message("gone")), token);
    var stays = append(ONE);
    token.cancel();
    written.getFirst().succeed();
    written.get(1).succeed();
    assertThat(written).extracting(Batch::appends).containsExactly(1, 1);
    assertThat(gone.cause()).isInstanceOf(CancellationException.class);
    assertThat(stays.succeeded()).isTrue();
  }

  @Test
  void anAppendInProgressCompletes() {
    var token = new CancellationToken();
    var begun = append(ONE, List.of(SampleMessages.message("begun")), token);
    token.cancel();
    written.getFirst().succeed();
    assertThat(begun.succeeded()).isTrue();
  }
}
