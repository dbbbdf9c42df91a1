package io.postern.imap.spi;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.state.State;
import io.postern.model.Ids.MailboxKey;
import io.postern.store.Messages.NewMessage;
import io.postern.store.Staged;
import io.postern.wire.Request;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A form of APPEND's message other than a plain literal: {@code UTF8 (~{n})}, {@code CATENATE (…)}
 * (RFC 4466 §2.6, append-data-ext).
 */
public interface AppendData {
  /** The word that begins it, in capitals. */
  String name();

  /**
   * Decides on a literal in it.
   *
   * @param soFar behind the name; it ends where the literal will be
   * @param message decides as on a literal that is the whole message, and {@link #read} then finds
   *     it there
   */
  Uni<LiteralDecision> literal(
      CommandContext context,
      Arguments soFar,
      Request.Head head,
      Supplier<Uni<LiteralDecision>> message);

  /** Parses what follows the name. */
  Source read(Arguments in, CommandContext context) throws BadSyntax;

  /** The bytes of a message to append. */
  @FunctionalInterface
  interface Source {
    /**
     * The message in the store, complete.
     *
     * @return fails when its bytes can't be stored
     */
    Uni<Staged> staged(CommandContext context, State.LoggedIn state);

    /** The target mailbox, if it was looked up before the message arrived. */
    default Optional<MailboxKey> target() {
      return Optional.empty();
    }
  }

  /** An option of APPEND between the date and the message (RFC 4466 §2.6, append-ext). */
  record Option(String name, Reader reader) {
    /** Parses what follows the option's name; what it returns changes the message appended. */
    @FunctionalInterface
    public interface Reader {
      UnaryOperator<NewMessage> read(Arguments in, CommandContext context) throws BadSyntax;
    }
  }
}
