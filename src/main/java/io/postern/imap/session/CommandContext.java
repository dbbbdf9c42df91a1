package io.postern.imap.session;

import io.postern.auth.Client;
import io.postern.auth.Identity;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.model.MailboxInfo;
import io.postern.model.NumberSet;
import io.postern.model.SequenceSet;
import io.postern.store.index.MailboxIndex;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.LiteralPlan;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What one command may use while it runs.
 *
 * @param tag the client's tag
 * @param reply writes the command's responses
 * @param connectionState of the session, when the command begins
 * @param ports the store, the index, the login
 * @param updates for commands that read the selected mailbox
 * @param connection for lines that the command awaits itself, and for STARTTLS
 * @param extensions what the server supports
 * @param listener reports changes of the selected mailbox
 */
public record CommandContext(
    String tag,
    ResponseWriter reply,
    ConnectionState connectionState,
    ImapPorts ports,
    Updates updates,
    Connection connection,
    ExtensionRegistry extensions,
    MailboxListener listener) {
  /** The peer that asks to log in, as the connection is now. */
  public Client client() {
    return ConnectionState.client(connection);
  }

  /** The outcome that logs this user in, with the capabilities from now on (RFC 3501 §7.1). */
  public Outcome.Ok welcome(Identity identity, String text) {
    var after = connectionState.afterLogin();
    return Outcome.ok(text)
        .code("CAPABILITY " + extensions.capabilities(after))
        .terms(after)
        .next(new State.Authenticated(identity));
  }

  /** Finds the mailbox of that name; empty when none exists or the name is invalid. */
  public Uni<Optional<MailboxInfo>> find(Identity identity, MailboxArgument given) {
    return given
        .valid()
        .map(name -> ports.mailboxes().find(identity.account(), name))
        .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
  }

  /** Runs the work on the mailbox of that name; NO when it does not exist. */
  public Uni<Outcome> with(
      Identity identity, MailboxArgument given, Function<MailboxInfo, Uni<Outcome>> work) {
    return find(identity, given)
        .chain(found -> found.map(work).orElseGet(() -> ErrorResponses.noSuchMailbox().now()));
  }

  /** Runs work that adds messages to the mailbox; TRYCREATE if none (RFC 3501 §6.3.11, §6.4.7). */
  public Uni<Outcome> resolveTarget(
      Identity identity, MailboxArgument given, Function<MailboxInfo, Uni<Outcome>> work) {
    return find(identity, given)
        .chain(found -> found.map(work).orElseGet(() -> ErrorResponses.tryCreate().now()));
  }

  /** Runs the work on the messages that a set means in the view. */
  public Uni<Outcome> resolve(
      View view,
      SequenceSet set,
      boolean byUid,
      BiFunction<MailboxIndex, NumberSet, Uni<Outcome>> work) {
    return updates
        .index(view, false)
        .chain(
            index -> {
              if (byUid) {
                return work.apply(index, view.uids(index, set));
              }
              int exists = view.exists(index);
              return set.greatest() > exists
                  ? Outcome.noSuchMessage("The last message is " + exists + ".").now()
                  : work.apply(index, view.numbered(index, set));
            });
  }

  /** Ends the connection amid a response that can't be completed. */
  public void abort() {
    connection.close(CloseReason.FAULT);
  }

  /** Sends BYE, and ends the connection. */
  public void bye(String why) {
    reply.untagged("BYE " + why);
    connection.close(CloseReason.LOGOUT);
  }

  /** The plan that refuses a literal of this command with a NO or a BAD. */
  public LiteralPlan refuse(Outcome outcome) {
    return LiteralPolicy.refused(tag, outcome);
  }

  /**
   * Reads the next line of an exchange before login. Closes the connection when the whole line has
   * not arrived within that time.
   */
  public Uni<Buffer> nextLine(Duration deadline) {
    var alarm = connection().after(deadline, () -> connection().close(CloseReason.LOGIN_TIMEOUT));
    return connection().nextLine().onTermination().invoke(alarm::cancel);
  }
}
