package io.postern.store.postgres.message;

import io.postern.model.Ids.MailboxKey;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.NewMessage;
import io.postern.store.postgres.message.MailboxQueue.PendingAppend;
import io.postern.store.postgres.tx.SqlErrors;
import io.vertx.core.Future;
import java.util.List;

/** Writes waiting appends to one mailbox together, and one by one when that fails. */
final class AppendBatch {
  /** Writes several appends, each with its own mod-sequence, all or none. */
  interface Writer {
    Future<List<Changed>> write(MailboxKey mailbox, List<List<NewMessage>> appends);
  }

  private final Writer writer;

  AppendBatch(Writer writer) {
    this.writer = writer;
  }

  /** Completes, never with a failure, when all answers are complete. */
  Future<?> run(MailboxKey mailbox, List<PendingAppend> batch) {
    return writer
        .write(mailbox, batch.stream().map(PendingAppend::messages).toList())
        .map(
            answers -> {
              for (int i = 0; i < answers.size(); i++) {
                batch.get(i).answer().complete(answers.get(i));
              }
              return new Object();
            })
        .recover(fault -> apart(mailbox, batch, fault));
  }

  /** One append's failure must not fail the others. */
  private Future<Object> apart(MailboxKey mailbox, List<PendingAppend> batch, Throwable fault) {
    if (batch.size() == 1 || SqlErrors.affectsAllCalls(fault)) {
      batch.forEach(waiting -> waiting.answer().fail(fault));
      return Future.succeededFuture();
    }
    var chain = Future.<Object>succeededFuture();
    for (var waiting : batch) {
      chain = chain.compose(_ -> run(mailbox, List.of(waiting)).mapEmpty());
    }
    return chain;
  }
}
