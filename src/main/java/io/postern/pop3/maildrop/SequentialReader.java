package io.postern.pop3.maildrop;

import io.postern.cancellation.CancellationToken;
import io.postern.model.Ids.ContentId;
import io.postern.store.Blobs;
import io.postern.store.Messages;
import io.postern.store.Messages.Columns;
import io.postern.wire.Outbox;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads ahead for a client that retrieves one message after the other: many messages by one
 * statement, into the node's memory, and the next ones while it retrieves the last of these. The
 * first message of a session is read with a few that follow it; after a message out of sequence,
 * nothing is read ahead until two follow each other. On the connection's context.
 */
public final class SequentialReader {
  /** Octets of messages that are read at once. */
  static final int WINDOW = 512 * 1024;

  /** The same, with the first message that is retrieved. */
  static final int FIRST_WINDOW = 64 * 1024;

  /** Messages that are read at once, at most. */
  private static final int MAX_MESSAGES = 128;

  private static final Columns BYTES = new Columns(false, false, Blobs.CHUNK);

  private final Messages messages;
  private final Outbox out;
  private final CancellationToken token = new CancellationToken();

  /** The message that was retrieved last; 0 before the first. */
  private long last;

  /** The messages that were asked for last: from this one up to the one before the end. */
  private long start;

  private long end;

  /** When they are in memory. */
  private Uni<Void> read = Uni.createFrom().voidItem();

  /** A reader for one session, which reserves memory of the connection. */
  public SequentialReader(Messages messages, Outbox out) {
    this.messages = messages;
    this.out = out;
  }

  /**
   * Completes when a message that is retrieved now should be read, from memory or from the store.
   */
  public Uni<Void> before(Maildrop maildrop, long number) {
    boolean first = last == 0;
    boolean inSequence = first || number == last + 1;
    last = number;
    if (!inSequence) {
      start = 0;
      end = 0;
      return Uni.createFrom().voidItem();
    }
    if (number >= end) {
      ask(maildrop, number, first ? FIRST_WINDOW : WINDOW);
    } else if (number >= start && end - number <= (end - start) / 2) {
      // What is in memory lasts for a while: the next window is read meanwhile.
      var before = read;
      ask(maildrop, end, WINDOW);
      return before;
    }
    return number >= start ? read : Uni.createFrom().voidItem();
  }

  /** Asks for the messages from this one on, as many as there is memory for. */
  private void ask(Maildrop maildrop, long from, int window) {
    var ids = new ArrayList<ContentId>();
    long octets = 0;
    long number = from;
    while (number <= maildrop.highest() && ids.size() < MAX_MESSAGES && octets < window) {
      if (maildrop.has(number)) {
        long size = maildrop.size(number);
        octets += size <= Blobs.CHUNK ? size : 0;
        ids.add(maildrop.content(number));
      }
      number++;
    }
    start = from;
    end = number;
    read = ids.isEmpty() ? Uni.createFrom().voidItem() : prefetched(maildrop, ids, window);
  }

  private Uni<Void> prefetched(Maildrop maildrop, List<ContentId> ids, int window) {
    var memory = out.allowance(window + Blobs.CHUNK);
    var started =
        messages
            .prefetch(maildrop.account(), ids, BYTES, memory.octets())
            // A message that is not in memory is read for itself, and that read reports the
            // failure.
            .onFailure()
            .recoverWithNull()
            .onTermination()
            .invoke(memory::release)
            .memoize()
            .indefinitely();
    started.subscribe().with(token.context(), _ -> {});
    return started;
  }

  /** Ends the reading: the client has disconnected. */
  public void end() {
    token.cancel();
  }
}
