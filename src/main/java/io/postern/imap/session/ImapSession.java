package io.postern.imap.session;

import io.postern.auth.Identity;
import io.postern.auth.Refusal;
import io.postern.config.ImapSettings;
import io.postern.push.Hints;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.LiteralPlan;
import io.postern.wire.Protocol;
import io.postern.wire.Request;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/** One client's session: runs its commands and keeps the state between them (RFC 3501 §3). */
final class ImapSession implements Protocol.Session {
  private static final System.Logger LOG = System.getLogger(ImapSession.class.getName());

  /** A state and a command that is to run in it. */
  private record Pairing(State state, Command command) {}

  private final Connection connection;
  private final ImapPorts ports;
  private final ExtensionRegistry extensions;
  private final Updates updates;
  private final LiteralPolicy literalPolicy;
  private final ResponseWriter reply;
  private final MailboxListener listener;
  private State state = new State.NotAuthenticated();
  private ConnectionState connectionState;
  private Optional<Hints.Subscription> watch = Optional.empty();
  private int errors;
  private int refusedLogins;
  private boolean closed;

  ImapSession(Connection connection, ImapPorts ports, ExtensionRegistry extensions) {
    this.connection = connection;
    this.ports = ports;
    this.extensions = extensions;
    this.updates = new Updates(ports.indexes(), ports.mailboxes(), ports.log());
    this.literalPolicy = new LiteralPolicy(ports);
    this.reply = new ResponseWriter(connection);
    this.listener = new MailboxListener(ports.hints(), ports.log());
    this.connectionState = ConnectionState.NONE;
  }

  private ImapSettings settings() {
    return ports.live().now().imap();
  }

  @Override
  public void opened() {
    refreshConnectionState();
    renewTimeout();
    reply.untagged(
        "OK [CAPABILITY " + extensions.capabilities(connectionState) + "] " + settings().banner());
    reply.flush();
  }

  /** TLS may have started since the last command, and settings may have changed. */
  private void refreshConnectionState() {
    connectionState = connectionState.now(connection, ports.mechanisms());
  }

  private void renewTimeout() {
    if (connectionState.loggedIn()) {
      connection.timeout(settings().authenticatedConnectionTimeout(), CloseReason.IDLE_TIMEOUT);
    } else {
      var time = settings().preAuthenticatedConnectionTimeout();
      connection.timeout(time, CloseReason.LOGIN_TIMEOUT);
      connection.loginWithin(time);
    }
  }

  @Override
  public void settingsChanged() {
    renewTimeout();
    listener.settingsChanged();
  }

  private CommandContext context(String tag) {
    return new CommandContext(
        tag, reply, connectionState, ports, updates, connection, extensions, listener);
  }

  @Override
  public Uni<LiteralPlan> literal(Request.Head head) {
    refreshConnectionState();
    long began = System.nanoTime();
    var start = ParsedRequest.start(new Request(head.texts(), head.literals()), extensions);
    return literalPolicy
        .plan(context(start.tag()), state, start, head)
        .onFailure(ImapSession::answerable)
        .recoverWithItem(failure -> LiteralPolicy.refused(start.tag(), failed(failure)))
        .map(plan -> counted(start, plan, began));
  }

  /** A command whose literal is refused has ended; a BAD counts as a protocol error. */
  private LiteralPlan counted(ParsedRequest.Start start, LiteralPlan plan, long began) {
    if (closed || !(plan instanceof LiteralPlan.Refuse(var answer, boolean close))) {
      return plan;
    }
    boolean bad = LiteralPolicy.isBad(start.tag(), answer);
    record(start.verb().map(Verb::name).orElse("?"), bad ? "bad" : "no", began);
    if (bad) {
      errors++;
    }
    return new LiteralPlan.Refuse(answer, close || errors >= settings().maxProtocolErrors());
  }

  private void record(String verb, String outcome, long began) {
    ports.log().ran(verb, outcome, System.nanoTime() - began);
    connection.ended(verb, outcome);
  }

  @Override
  public Uni<Void> command(Request request) {
    refreshConnectionState();
    long began = System.nanoTime();
    return switch (ParsedRequest.command(request, extensions)) {
      case ParsedRequest.Broken(var tag, var verb, var problem) -> {
        ended(tag, Outcome.bad(problem), verb.map(Verb::name).orElse("?"), began);
        yield Uni.createFrom().voidItem();
      }
      case ParsedRequest.Good(var tag, var verb, var command) -> {
        var context = context(tag);
        yield unlessGone(context, verb, command)
            .onFailure(ImapSession::answerable)
            .recoverWithUni(failure -> failed(context, failure))
            .chain(outcome -> sendUpdates(context, verb, outcome))
            .invoke(outcome -> ended(tag, outcome, verb.name(), began))
            .replaceWithVoid();
      }
    };
  }

  /**
   * Runs the command, unless it uses or keeps a selected mailbox that is known to be deleted.
   * SELECT, EXAMINE and LOGOUT leave the mailbox.
   */
  private Uni<Outcome> unlessGone(CommandContext context, Verb verb, Command command) {
    boolean leaves =
        verb.updates() == Verb.Updating.NOTHING && !(command instanceof Command.Mailbox);
    return !leaves && state instanceof State.Selected(_, View view) && view.isHintedGone()
        ? byeIfGone(context, view, () -> dispatch(context, command))
        : dispatch(context, command);
  }

  /** RFC 2180 §3.3: a client whose selected mailbox was deleted gets BYE for any command. */
  private Uni<Outcome> byeIfGone(
      CommandContext context, View view, Supplier<Uni<Outcome>> otherwise) {
    return ports
        .mailboxes()
        .state(view.mailbox())
        // A renewed UIDVALIDITY is another mailbox to the client.
        .map(state -> !state.uidValidity().equals(view.uidValidity()))
        .onFailure(ImapSession::isMailboxGone)
        .recoverWithItem(true)
        .chain(
            gone -> {
              if (!gone) {
                return otherwise.get();
              }
              context.bye("The selected mailbox was deleted.");
              return new Outcome.Sent().now();
            });
  }

  private static boolean isMailboxGone(Throwable failure) {
    return failure instanceof StoreException e && e.failure() instanceof StoreFailure.MailboxGone;
  }

  /** The outcome of a failure; the mailbox that is gone may be the selected one or another. */
  private Uni<Outcome> failed(CommandContext context, Throwable failure) {
    return isMailboxGone(failure) && state instanceof State.Selected(_, View view)
        ? byeIfGone(context, view, () -> failed(failure).now())
            .onFailure(ImapSession::answerable)
            .recoverWithItem(this::failed)
        : failed(failure).now();
  }

  /** The state machine: this switch and {@link #enter}. */
  private Uni<Outcome> dispatch(CommandContext context, Command command) {
    return switch (new Pairing(state, command)) {
      case Pairing(State.LoggedOut _, _) -> Outcome.bad("The session is over.").now();
      case Pairing(var any, Command.Anytime c) -> c.run(context, any);
      case Pairing(State.NotAuthenticated s, Command.Unauthenticated c) ->
          c.run(context, s).invoke(this::countRefusal);
      case Pairing(State.NotAuthenticated _, Command.User _) -> Outcome.bad(LOG_IN).now();
      case Pairing(State.NotAuthenticated _, Command.Mailbox _) -> Outcome.bad(LOG_IN).now();
      case Pairing(State.Authenticated _, Command.Unauthenticated _) ->
          Outcome.bad(LOGGED_IN).now();
      case Pairing(State.Authenticated s, Command.User c) -> c.run(context, s.identity());
      case Pairing(State.Authenticated _, Command.Mailbox _) ->
          Outcome.bad("SELECT or EXAMINE a mailbox first.").now();
      case Pairing(State.Selected _, Command.Unauthenticated _) -> Outcome.bad(LOGGED_IN).now();
      case Pairing(State.Selected s, Command.User c) -> c.run(context, s.identity());
      case Pairing(State.Selected s, Command.Mailbox c) -> c.run(context, s);
    };
  }

  private void countRefusal(Outcome login) {
    refusedLogins += ErrorResponses.isOfLogin(login) ? 1 : 0;
  }

  private static final String LOG_IN = "LOGIN or AUTHENTICATE first.";
  private static final String LOGGED_IN = "You are logged in already.";

  /** A command cancelled because its client disconnected gets no response. */
  private static boolean answerable(Throwable failure) {
    return !(failure instanceof CancellationException);
  }

  /** A store failure becomes a response; any other is a bug, logged, and the session goes on. */
  private Outcome failed(Throwable failure) {
    if (failure instanceof StoreException e) {
      if (e.failure() instanceof StoreFailure.Unavailable) {
        LOG.log(System.Logger.Level.WARNING, "session " + connection.id() + ": " + e.failure());
      }
      return ErrorResponses.of(e.failure());
    }
    LOG.log(System.Logger.Level.ERROR, "session " + connection.id() + ": a fault", failure);
    return Outcome.no("SERVERBUG", "The server failed to do this.");
  }

  /** Sends the updates that the verb allows, if the same mailbox is still selected. */
  private Uni<Outcome> sendUpdates(CommandContext context, Verb verb, Outcome outcome) {
    boolean stays =
        switch (outcome) {
          case Outcome.Ok ok -> ok.next().isEmpty();
          case Outcome.No no -> no.next().isEmpty();
          case Outcome.Bad _, Outcome.Sent _ -> false;
        };
    if (!stays
        || verb.updates() == Verb.Updating.NOTHING
        || !(state instanceof State.Selected(_, View view))) {
      return Uni.createFrom().item(outcome);
    }
    return updates
        .index(view, verb.resync())
        .chain(index -> updates.send(view, index, verb.updates(), reply))
        .replaceWith(outcome)
        .onFailure(ImapSession::answerable)
        .recoverWithUni(failure -> updatesFailed(context, verb, outcome, failure));
  }

  /** Updates that can't be sent now are sent later; the command's own result stays true. */
  private Uni<Outcome> updatesFailed(
      CommandContext context, Verb verb, Outcome outcome, Throwable failure) {
    return failed(context, failure)
        .map(answer -> verb.resync() || answer instanceof Outcome.Sent ? answer : outcome);
  }

  private void ended(String tag, Outcome outcome, String verb, long began) {
    // After the connection's end a command changes no state and watches no mailbox.
    if (closed) {
      return;
    }
    switch (outcome) {
      case Outcome.Ok(var code, var text, var next, var changed) -> {
        errors = 0;
        changed.ifPresent(t -> connectionState = t);
        next.ifPresent(this::enter);
        tagged(tag, "OK", code, text);
      }
      case Outcome.No(var code, var text, var next) -> {
        next.ifPresent(this::enter);
        tagged(tag, "NO", code, text);
      }
      case Outcome.Bad bad -> bad(tag, bad);
      case Outcome.Sent _ -> errors = 0;
    }
    record(verb, outcome.label(), began);
    if (state instanceof State.LoggedOut) {
      connection.close(CloseReason.LOGOUT);
    } else if (refusedLogins >= Refusal.MOST) {
      connection.close(CloseReason.LOGINS_REFUSED);
    } else {
      renewTimeout();
    }
  }

  private void tagged(String tag, String condition, Optional<String> code, String text) {
    var out = connection.out().write(tag).write(" ").write(condition).write(" ");
    code.ifPresent(c -> out.write("[").write(c).write("] "));
    out.write(text).write("\r\n");
  }

  private void bad(String tag, Outcome.Bad bad) {
    tagged(tag, "BAD", Optional.empty(), bad.text());
    errors += bad.counts() ? 1 : 0;
    if (errors >= settings().maxProtocolErrors()) {
      connection.close(CloseReason.ERRORS);
    }
  }

  private void enter(State next) {
    state = next;
    listener.selected(
        next instanceof State.Selected(_, View view) ? Optional.of(view) : Optional.empty());
    if (next instanceof State.Authenticated(Identity identity) && watch.isEmpty()) {
      connection.user(identity.name());
      watch = Optional.of(ports.hints().watch(identity.account(), listener));
    }
  }

  @Override
  public void lineTooLong(int limit, Request start) {
    long began = System.nanoTime();
    var command = ParsedRequest.start(start, extensions);
    bad(command.tag(), Outcome.bad("A command line has at most " + limit + " octets."));
    record(command.verb().map(Verb::name).orElse("?"), "bad", began);
  }

  @Override
  public Buffer farewell(CloseReason reason) {
    if (reply.isAmidLiteral()) {
      return Buffer.buffer();
    }
    return switch (reason) {
      case CLIENT, LOGOUT -> Buffer.buffer();
      case LOGIN_TIMEOUT -> bye("No login for too long.");
      case IDLE_TIMEOUT -> bye("No command for too long.");
      case STALLED -> bye("The connection stalled.");
      case ERRORS -> bye("Too many errors.");
      case LOGINS_REFUSED -> bye("Too many logins were refused.");
      case TOO_LARGE -> bye("The command is too large to be read.");
      case FULL -> bye("[UNAVAILABLE] Too many connections; please try again later.");
      case ADDRESS_FULL ->
          bye("[UNAVAILABLE] Too many connections from your address; please try again later.");
      case DENIED -> bye("Connections from this address are not taken.");
      case DISPLACED -> bye("[UNAVAILABLE] A newer session of yours takes the place of this one.");
      case SHUTDOWN -> bye("[UNAVAILABLE] The server goes away; please connect again.");
      case KICKED -> bye("The session was ended by the administrator.");
      case FAULT -> bye("[SERVERBUG] The server failed.");
    };
  }

  private static Buffer bye(String text) {
    return Buffer.buffer("* BYE " + text + "\r\n");
  }

  @Override
  public void closed(CloseReason reason) {
    closed = true;
    state = new State.LoggedOut();
    listener.selected(Optional.empty());
    listener.stop();
    watch.ifPresent(Hints.Subscription::close);
    watch = Optional.empty();
  }
}
