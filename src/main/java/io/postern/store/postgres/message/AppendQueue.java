package io.postern.store.postgres.message;

import io.postern.cancellation.CancellationToken;
import io.postern.model.Ids.MailboxKey;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.NewMessage;
import io.postern.store.postgres.tx.SqlErrors;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Batches appends to one mailbox (group commit): while one transaction runs, later appends wait for
 * the next, so that they share its row lock and its disk flush instead of queueing for them one by
 * one.
 */
final class AppendQueue {
  /** How many messages one transaction takes, unless a single append brings more. */
  static final int BATCH = 64;

  /** How many octets one statement carries, bytes and facts, unless a single append brings more. */
  static final int OCTETS = 1024 * 1024;

  /** One waiting append. */
  private record PendingAppend(
      List<NewMessage> messages, CancellationToken token, Promise<Changed> answer) {
    /** What it adds to the statement. */
    long octets() {
      return messages.stream().mapToLong(message -> message.staged().held()).sum();
    }
  }

  /** Writes several appends, each with its own mod-sequence, all or none. */
  interface Writer {
    Future<List<Changed>> write(MailboxKey mailbox, List<List<NewMessage>> appends);
  }

  private final Writer writer;

  /** A mailbox has an entry exactly while a transaction of it runs. */
  private final ConcurrentHashMap<MailboxKey, Queue<PendingAppend>> queues =
      new ConcurrentHashMap<>();

  AppendQueue(Writer writer) {
    this.writer = writer;
  }

  /**
   * Appends in the next transaction.
   *
   * @param token an append whose token is cancelled before its transaction begins is not done and
   *     fails with {@link CancellationException}
   */
  Future<Changed> append(MailboxKey mailbox, List<NewMessage> messages, CancellationToken token) {
    if (token.cancelled()) {
      return Future.failedFuture(new CancellationException());
    }
    var mine = new PendingAppend(messages, token, Promise.promise());
    var alone = new ArrayList<PendingAppend>(1);
    queues.compute(
        mailbox,
        (_, queue) -> {
          if (queue == null) {
            alone.add(mine);
            return new ArrayDeque<>();
          }
          queue.add(mine);
          return queue;
        });
    if (!alone.isEmpty()) {
      run(mailbox, alone);
    }
    return mine.answer.future();
  }

  private void run(MailboxKey mailbox, List<PendingAppend> batch) {
    together(mailbox, batch).onComplete(_ -> next(mailbox));
  }

  private void next(MailboxKey mailbox) {
    var batch = new ArrayList<PendingAppend>();
    var dropped = new ArrayList<PendingAppend>();
    queues.computeIfPresent(mailbox, (_, queue) -> take(queue, batch, dropped));
    dropped.forEach(waiting -> waiting.answer.fail(new CancellationException()));
    if (!batch.isEmpty()) {
      run(mailbox, batch);
    }
  }

  private static @Nullable Queue<PendingAppend> take(
      Queue<PendingAppend> queue, List<PendingAppend> batch, List<PendingAppend> dropped) {
    int messages = 0;
    long octets = 0;
    for (var first = queue.peek(); first != null; first = queue.peek()) {
      if (first.token.cancelled()) {
        dropped.add(queue.remove());
        continue;
      }
      messages += first.messages.size();
      octets += first.octets();
      if ((messages > BATCH || octets > OCTETS) && !batch.isEmpty()) {
        break;
      }
      batch.add(queue.remove());
    }
    return batch.isEmpty() ? null : queue;
  }

  private Future<?> together(MailboxKey mailbox, List<PendingAppend> batch) {
    return writer
        .write(mailbox, batch.stream().map(PendingAppend::messages).toList())
        .onSuccess(
            answers -> {
              for (int i = 0; i < answers.size(); i++) {
                batch.get(i).answer.complete(answers.get(i));
              }
            })
        .recover(fault -> apart(mailbox, batch, fault));
  }

  /** One append's failure must not fail the others: the batch is retried one by one. */
  private Future<List<Changed>> apart(
      MailboxKey mailbox, List<PendingAppend> batch, Throwable fault) {
    if (batch.size() == 1 || SqlErrors.affectsAllCalls(fault)) {
      batch.forEach(waiting -> waiting.answer.fail(fault));
      return Future.succeededFuture(List.of());
    }
    var chain = Future.<Object>succeededFuture();
    for (var waiting : batch) {
      chain = chain.compose(_ -> together(mailbox, List.of(waiting)).mapEmpty());
    }
    return chain.map(List.of());
  }
}
