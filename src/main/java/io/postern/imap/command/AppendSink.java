package io.postern.imap.command;

import io.postern.model.Ids.MailboxKey;
import io.postern.store.Staged;
import io.postern.store.Staging;
import io.postern.wire.LiteralSink;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** Streams the bytes of a message into the store as they arrive. */
final class AppendSink implements LiteralSink {
  private static final System.Logger LOG = System.getLogger(AppendSink.class.getName());

  private final Optional<MailboxKey> mailbox;
  private final Staging staging;

  /**
   * @param mailbox the target, if it was looked up before the message arrived
   */
  AppendSink(Optional<MailboxKey> mailbox, Staging staging) {
    this.mailbox = mailbox;
    this.staging = staging;
  }

  Optional<MailboxKey> mailbox() {
    return mailbox;
  }

  @Override
  public Uni<Void> write(Buffer bytes) {
    return staging.write(bytes);
  }

  /** Completes with the whole message, or fails with the first failure while it arrived. */
  Uni<Staged> finish() {
    // From here on the bytes may belong to a message even if its APPEND seems to have failed.
    return staging.finish().onFailure().invoke(this::abandon);
  }

  @Override
  public void abandon() {
    staging
        .abandon()
        .subscribe()
        // Chunks that remain are swept like all unreferenced ones.
        .with(
            _ -> {},
            failure ->
                LOG.log(
                    System.Logger.Level.DEBUG,
                    "the octets of an aborted message were not deleted",
                    failure));
  }
}
