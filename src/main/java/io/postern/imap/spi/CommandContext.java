package io.postern.imap.spi;

import io.postern.auth.Client;
import io.postern.auth.Identity;
import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.response.EnabledExtensions;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.ResponseWriter;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.selected.MailboxListener;
import io.postern.imap.selected.UpdateLoop;
import io.postern.imap.selected.Updates;
import io.postern.imap.selected.View;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailProtocol;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.NumberSet;
import io.postern.store.Destination;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.index.MailboxIndex;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.sharing.OtherUsers;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What one command may use while it is parsed and while it runs.
 *
 * @param tag the client's tag
 * @param state of the session, when the command begins
 * @param connectionState of the session, when the command begins
 * @param session what all commands of the session share
 */
public record CommandContext(
    String tag, State state, ConnectionState connectionState, Session session) {

  /**
   * What all commands of a session share.
   *
   * @param ports the store, the index, the login
   * @param extensions what the server supports
   * @param sender sends responses and updates
   */
  public record Session(ImapPorts ports, Extensions extensions, UpdateLoop.Sender sender) {
    /** The same with other services. */
    public Session with(ImapPorts other) {
      return new Session(other, extensions, sender);
    }
  }

  /** Sends the command's responses. */
  public ResponseWriter reply() {
    return session.sender.reply();
  }

  /** The store, the index, the login. */
  public ImapPorts ports() {
    return session.ports;
  }

  /** For commands that read the selected mailbox. */
  public Updates updates() {
    return session.sender.updates();
  }

  /** For lines that the command awaits itself. */
  public Connection connection() {
    return session.sender.connection();
  }

  /** What the server supports. */
  public Extensions extensions() {
    return session.extensions;
  }

  /** Reports changes of the selected mailbox. */
  public MailboxListener listener() {
    return session.sender.listener();
  }

  /** What the client enabled. */
  public EnabledExtensions enabled() {
    return connectionState.enabled();
  }

  /** Refuses a command with sequence numbers in a session that has none (RFC 9586 §3). */
  public void requireNumbers(Arguments in) throws BadSyntax {
    if (enabled().uidOnly()) {
      throw new BadSyntax("UIDs, since UIDONLY is enabled,", in.position(), "UIDREQUIRED");
    }
  }

  /** The view of the selected mailbox, if there is one. */
  public Optional<View> view() {
    return state instanceof State.Selected(_, View view) ? Optional.of(view) : Optional.empty();
  }

  /** The peer that asks to log in, as the connection is now. */
  public Client client() {
    return ConnectionState.client(connection());
  }

  /**
   * Logs this user in: here, or at their home. A connection that was passed on is not passed on
   * again.
   */
  public Uni<Outcome> enter(Identity identity, String text) {
    if (identity.elsewhere().isEmpty()) {
      return welcome(identity, text).now();
    }
    var program = Optional.of(connectionState.client()).filter(name -> !name.isEmpty());
    return connection().sites().front().isPresent()
        ? ErrorResponses.referral(identity.name(), identity.elsewhere().get()).now()
        : ports()
            .sites()
            .passOn(connection(), MailProtocol.IMAP, identity, program)
            .map(passage -> ErrorResponses.passed(passage, connection().id()));
  }

  /** The outcome that logs this user in, with the capabilities from now on (RFC 3501 §7.1). */
  private Outcome.Ok welcome(Identity identity, String text) {
    var after = connectionState.afterLogin();
    return Outcome.ok(text)
        .code(new ResponseCode.Capability(extensions().capabilities(after)))
        .connection(after)
        .next(new State.Authenticated(identity));
  }

  /** Finds the mailbox of that name; empty when none exists or the name is invalid. */
  public Uni<Optional<MailboxInfo>> find(Identity identity, MailboxArgument given) {
    return given
        .valid()
        .map(name -> ports().mailboxes().find(identity.account(), name))
        .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
  }

  /** The mailbox of that name with its index now; empty when none exists. */
  public Uni<Optional<MailboxIndexes.Named>> current(Identity identity, MailboxName name) {
    return OtherUsers.contains(name)
        ? ports()
            .mailboxes()
            .status(identity.account(), name)
            .chain(found -> found.map(it -> current(it.mailbox())).orElseGet(this::none))
        : ports().indexes().current(identity.account(), name);
  }

  private Uni<Optional<MailboxIndexes.Named>> current(MailboxKey mailbox) {
    return ports()
        .indexes()
        .current(mailbox)
        .map(index -> Optional.of(new MailboxIndexes.Named(mailbox, index)));
  }

  private Uni<Optional<MailboxIndexes.Named>> none() {
    return Uni.createFrom().item(Optional.empty());
  }

  /**
   * Runs work that adds messages to the mailbox that has the name then; TRYCREATE if none has (RFC
   * 3501 §6.3.11, §6.4.7).
   */
  public Uni<Outcome> withTarget(
      Identity identity, MailboxArgument given, Function<Destination.Named, Uni<Outcome>> work) {
    var selected = view().filter(view -> !view.readOnly()).map(View::mailbox);
    return given
        .valid()
        .map(name -> new Destination.Named(identity.account(), name, selected))
        .map(work)
        .orElseGet(() -> ErrorResponses.tryCreate().now())
        .onFailure(CommandContext::isNoSuchMailbox)
        .recoverWithItem(ErrorResponses::tryCreate);
  }

  private static boolean isNoSuchMailbox(Throwable failure) {
    return failure instanceof StoreException e && e.failure() instanceof StoreFailure.NoSuchMailbox;
  }

  /**
   * Runs the work on the UIDs of the messages that a set means in the view; BAD for a number of no
   * message (RFC 3501 §9: seq-number).
   */
  public Uni<Outcome> resolve(
      View view, MessageSet set, BiFunction<MailboxIndex, NumberSet, Uni<Outcome>> work) {
    return updates()
        .index(view, false)
        .chain(
            index -> {
              int exists = view.exists(index);
              if (set instanceof MessageSet.Numbers(var numbers)
                  && (exists == 0 || numbers.greatest() > exists)) {
                return Outcome.noSuchMessage(
                        exists == 0
                            ? "The mailbox is empty."
                            : "The last message is " + exists + ".")
                    .now();
              }
              return work.apply(index, set.in(view, index));
            });
  }

  /** Sends BYE, and ends the connection: the outcome of a command that can't go on. */
  public Outcome bye(String why) {
    reply().send(StatusResponse.of(Condition.BYE, why));
    connection().close(CloseReason.LOGOUT);
    return new Outcome.Bye();
  }

  /**
   * Reads the next line of an exchange before login. Closes the connection when the whole line has
   * not arrived within that time.
   */
  public Uni<Buffer> nextLine(Duration deadline) {
    var timer = connection().after(deadline, () -> connection().close(CloseReason.LOGIN_TIMEOUT));
    return connection().nextLine().onTermination().invoke(timer::cancel);
  }
}
