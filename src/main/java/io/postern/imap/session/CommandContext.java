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
 * One command's turn: what it may use while it runs.
 *
 * @param tag the client's
 * @param reply what it writes with
 * @param connectionState of the session, as they are now
 * @param ports the store, the index, the login
 * @param updates for commands that look at the selected mailbox
 * @param connection for lines that the command awaits itself, and for STARTTLS
 * @param extensions what the server speaks
 * @param listener calls when somebody changed the selected mailbox
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
  /** Who asks to log in, as the connection is now. */
  public Client client() {
    return ConnectionState.client(connection);
  }

  /** The outcome that lets this user in; says what can be said from now on (RFC 3501 §7.1). */
  public Outcome.Ok welcome(Identity identity, String text) {
    var after = connectionState.afterLogin();
    return Outcome.ok(text)
        .code("CAPABILITY " + extensions.capabilities(after))
        .terms(after)
        .next(new State.Authenticated(identity));
  }

  /** The mailbox of that name; empty when there is none, or can be none. */
  public Uni<Optional<MailboxInfo>> find(Identity identity, MailboxArgument given) {
    return given
        .valid()
        .map(name -> ports.mailboxes().find(identity.account(), name))
        .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
  }

  /** What the work on the mailbox of that name comes to; NO when there is none. */
  public Uni<Outcome> with(
      Identity identity, MailboxArgument given, Function<MailboxInfo, Uni<Outcome>> work) {
    return find(identity, given)
        .chain(found -> found.map(work).orElseGet(() -> ErrorResponses.noSuchMailbox().now()));
  }

  /** What the work that puts messages into the mailbox comes to (RFC 3501 §6.3.11, §6.4.7). */
  public Uni<Outcome> resolveTarget(
      Identity identity, MailboxArgument given, Function<MailboxInfo, Uni<Outcome>> work) {
    return find(identity, given)
        .chain(found -> found.map(work).orElseGet(() -> ErrorResponses.tryCreate().now()));
  }

  /** What the work on the messages comes to that a set means in the view. */
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

  /** Ends the connection amid an answer that can't be finished. */
  public void abort() {
    connection.close(CloseReason.FAULT);
  }

  /** Takes leave, and ends the connection. */
  public void bye(String why) {
    reply.untagged("BYE " + why);
    connection.close(CloseReason.LOGOUT);
  }

  /** The plan that refuses a literal of this command with a NO or a BAD. */
  public LiteralPlan refuse(Outcome outcome) {
    return LiteralPolicy.refused(tag, outcome);
  }

  /**
   * The next line of an exchange before login. The connection is closed when the line has not come,
   * all of it, within that time.
   */
  public Uni<Buffer> nextLine(Duration deadline) {
    var alarm = connection().after(deadline, () -> connection().close(CloseReason.LOGIN_TIMEOUT));
    return connection().nextLine().onTermination().invoke(alarm::cancel);
  }
}
