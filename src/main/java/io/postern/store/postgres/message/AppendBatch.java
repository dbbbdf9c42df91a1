package io.postern.store.postgres.message;

import io.postern.store.Messages.Appended;
import io.postern.store.postgres.message.MailboxQueue.PendingAppend;
import io.postern.store.postgres.tx.SqlErrors;
import io.vertx.core.Future;
import java.util.List;

/** Writes waiting appends to one mailbox together, and one by one when that fails. */
final class AppendBatch {
  /** Writes several appends, each with its own mod-sequence, all or none. */
  interface Writer {
    Future<List<Appended>> write(List<PendingAppend> appends);
  }

  private final Writer writer;

  AppendBatch(Writer writer) {
    this.writer = writer;
  }

  /** Completes, never with a failure, when all answers are complete. */
  Future<?> run(List<PendingAppend> batch) {
    return writer
        .write(batch)
        .map(
            answers -> {
              for (int i = 0; i < answers.size(); i++) {
                batch.get(i).answer().complete(answers.get(i));
              }
              return new Object();
            })
        .recover(fault -> apart(batch, fault));
  }

  /** One append's failure must not fail the others. */
  private Future<Object> apart(List<PendingAppend> batch, Throwable fault) {
    if (batch.size() == 1 || SqlErrors.affectsAllCalls(fault)) {
      batch.forEach(waiting -> waiting.answer().fail(fault));
      return Future.succeededFuture();
    }
    var chain = Future.<Object>succeededFuture();
    for (var waiting : batch) {
      chain = chain.compose(_ -> run(List.of(waiting)).mapEmpty());
    }
    return chain;
  }
}
