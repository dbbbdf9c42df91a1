package io.postern.store.postgres.message;

import io.postern.cancellation.CancellationToken;
import io.postern.model.Ids.MailboxKey;
import io.postern.store.Destination;
import io.postern.store.Messages.Appended;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.Copied;
import io.postern.store.Messages.NewMessage;
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
 * Orders the writes of this node to each mailbox (group commit): while one transaction runs, later
 * writes wait, and those of one kind share the next transaction, its row lock and its disk flush.
 */
final class MailboxQueue {
  /** How many messages one transaction appends, unless a single append brings more. */
  static final int BATCH = 64;

  /** How many changes one transaction makes. */
  static final int CHANGES = 64;

  /** How many octets one statement carries, bytes and facts, unless a single append brings more. */
  static final int OCTETS = 1024 * 1024;

  /** One waiting write. */
  sealed interface Pending {
    /** A write whose token is cancelled before its transaction begins is not done. */
    CancellationToken token();

    /** Completed by the writer. */
    Promise<?> answer();
  }

  /** Messages to append. */
  record PendingAppend(
      Destination to, List<NewMessage> messages, CancellationToken token, Promise<Appended> answer)
      implements Pending {
    /** Whether a statement can append both. */
    boolean goesWith(PendingAppend other) {
      return switch (to) {
        case Destination.Keyed _ -> to.equals(other.to);
        case Destination.Named(_, var name, _) ->
            other.to instanceof Destination.Named(_, var also, _) && name.equals(also);
      };
    }

    long octets() {
      return messages.stream().mapToLong(message -> message.staged().held()).sum();
    }
  }

  /** A change of messages that are there. */
  record PendingChange(
      MailboxKey mailbox,
      IndexOperation operation,
      CancellationToken token,
      Promise<Changed> answer)
      implements Pending {}

  /** Copies or moves messages to another mailbox. */
  interface Copy {
    Future<Copied> run();
  }

  /** A copy or move to another mailbox; never shares its transaction. */
  record PendingCopy(Copy copy, CancellationToken token, Promise<Copied> answer)
      implements Pending {}

  /** Writes several appends, several changes, or one copy, in one transaction. */
  interface Writer {
    /** Completes, never with a failure, when all answers are complete. */
    Future<?> write(List<Pending> batch);
  }

  private final Writer writer;

  /** A mailbox has an entry exactly while a transaction of it runs. */
  private final ConcurrentHashMap<Destination, Queue<Pending>> queues = new ConcurrentHashMap<>();

  MailboxQueue(Writer writer) {
    this.writer = writer;
  }

  /**
   * Writes in the next transaction; the answer is the pending write's own.
   *
   * @param mailbox by its name only if its key is not known
   */
  void add(Destination mailbox, Pending mine) {
    if (mine.token().cancelled()) {
      mine.answer().fail(new CancellationException());
      return;
    }
    var alone = new ArrayList<Pending>(1);
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
  }

  private void run(Destination mailbox, List<Pending> batch) {
    Future.<Void>succeededFuture()
        .compose(_ -> writer.write(batch))
        .onFailure(fault -> batch.forEach(waiting -> waiting.answer().tryFail(fault)))
        .onComplete(_ -> next(mailbox));
  }

  private void next(Destination mailbox) {
    var batch = new ArrayList<Pending>();
    var dropped = new ArrayList<Pending>();
    queues.computeIfPresent(mailbox, (_, queue) -> take(queue, batch, dropped));
    dropped.forEach(waiting -> waiting.answer().fail(new CancellationException()));
    if (!batch.isEmpty()) {
      run(mailbox, batch);
    }
  }

  private static @Nullable Queue<Pending> take(
      Queue<Pending> queue, List<Pending> batch, List<Pending> dropped) {
    var room = new Room();
    for (var first = queue.peek(); first != null; first = queue.peek()) {
      if (first.token().cancelled()) {
        dropped.add(queue.remove());
      } else if (room.takes(first)) {
        batch.add(queue.remove());
      } else {
        break;
      }
    }
    return batch.isEmpty() ? null : queue;
  }

  /** What a transaction can still take. */
  private static final class Room {
    private @Nullable Pending first;
    private int messages;
    private int changes;
    private long octets;

    boolean takes(Pending next) {
      boolean alone = first == null;
      boolean fits =
          switch (next) {
            case PendingAppend append -> fits(append);
            case PendingChange _ -> first instanceof PendingChange && ++changes < CHANGES;
            case PendingCopy _ -> false;
          };
      if (alone) {
        first = next;
      }
      return alone || fits;
    }

    private boolean fits(PendingAppend next) {
      messages += next.messages().size();
      octets += next.octets();
      return first instanceof PendingAppend append
          && append.goesWith(next)
          && messages <= BATCH
          && octets <= OCTETS;
    }
  }
}
