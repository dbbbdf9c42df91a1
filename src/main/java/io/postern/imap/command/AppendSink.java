package io.postern.imap.command;

import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.spi.AppendData.Source;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.state.State;
import io.postern.model.Ids.MailboxKey;
import io.postern.store.Staged;
import io.postern.store.Staging;
import io.postern.wire.Literal;
import io.postern.wire.LiteralSink;
import io.postern.wire.Outbox;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** Streams the bytes of a message into the store as they arrive. */
public final class AppendSink implements LiteralSink {
  private final Optional<MailboxKey> mailbox;
  private final Staging staging;
  private final Outbox.Holding holding;

  /**
   * @param mailbox the target, if it was looked up before the message arrived
   * @param holding accounts for the octets that are held in memory
   */
  AppendSink(Optional<MailboxKey> mailbox, Staging staging, Outbox.Holding holding) {
    this.mailbox = mailbox;
    this.staging = staging;
    this.holding = holding;
  }

  /**
   * The message that arrived as a literal for which {@link Append} has decided so.
   *
   * @throws BadSyntax for another literal
   */
  public static Source source(Literal message) throws BadSyntax {
    if (!(message instanceof Literal.Spooled(AppendSink sink, _))) {
      throw new BadSyntax("the message as a literal of its own", 1);
    }
    return new Arrived(sink);
  }

  private record Arrived(AppendSink sink) implements Source {
    @Override
    public Uni<Staged> staged(CommandContext context, State.LoggedIn state) {
      return sink.finish();
    }

    @Override
    public Optional<MailboxKey> target() {
      return sink.mailbox();
    }
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
  public void ended() {
    holding.release();
  }

  @Override
  public void abandon() {
    holding.release();
    staging.discard();
  }
}
