package io.postern.imap.session;

import io.postern.auth.Refusal;
import io.postern.config.ImapSettings;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.ResponseWriter;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.selected.MailboxListener;
import io.postern.imap.selected.UpdateLoop;
import io.postern.imap.selected.Updates;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.ConnectionState;
import io.postern.imap.spi.ErrorResponses;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.ImapPorts;
import io.postern.imap.spi.Outcome;
import io.postern.imap.spi.State;
import io.postern.imap.spi.Verb;
import io.postern.imap.spi.Verb.LiteralDecision;
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
  private static final String LOG_IN = "LOGIN or AUTHENTICATE first.";
  private static final String LOGGED_IN = "You are logged in already.";
  private static final String SELECT = "SELECT or EXAMINE a mailbox first.";

  private final Connection connection;
  private final ImapPorts ports;
  private final ExtensionRegistry extensions;
  private final ResponseWriter reply;
  private final Updates updates;
  private final MailboxListener listener;
  private final CommandContext.Session shared;
  private State state = new State.NotAuthenticated();
  private ConnectionState connectionState = ConnectionState.NONE;
  private Optional<Hints.Subscription> watch = Optional.empty();

  /** Sends updates while no command runs, if an extension asked for that. */
  private Optional<UpdateLoop> betweenCommands = Optional.empty();

  private int errors;
  private int refusedLogins;
  private boolean closed;

  ImapSession(Connection connection, ImapPorts ports, ExtensionRegistry extensions) {
    this.connection = connection;
    this.ports = ports;
    this.extensions = extensions;
    this.reply = new ResponseWriter(connection);
    this.updates = new Updates(ports.indexes(), ports.mailboxes(), reply, ports.meter());
    this.listener = new MailboxListener(ports.hints(), ports.meter());
    var sender = new UpdateLoop.Sender(connection, reply, updates, listener, this::intervals);
    this.shared = new CommandContext.Session(ports, extensions, sender);
  }

  private ImapSettings settings() {
    return ports.live().now().imap();
  }

  private UpdateLoop.Intervals intervals() {
    var now = ports.live().now();
    return new UpdateLoop.Intervals(now.push().pollInterval(), now.imap().idleHeartbeat());
  }

  @Override
  public void opened() {
    refreshConnectionState();
    renewTimeout();
    var capability = new ResponseCode.Capability(extensions.capabilities(connectionState));
    reply.send(StatusResponse.of(Condition.OK, capability, settings().banner()));
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
    return new CommandContext(tag, state, connectionState, shared);
  }

  @Override
  public Uni<LiteralPlan> literal(Request.Head head) {
    refreshConnectionState();
    long began = System.nanoTime();
    var start = ParsedRequest.start(new Request(head.texts(), head.literals()), extensions);
    return LiteralPolicy.decide(context(start.tag()), start, head)
        .onFailure(ImapSession::answerable)
        .recoverWithItem(failure -> new LiteralDecision.Refuse(failed(failure)))
        .map(decision -> plan(start, decision, began));
  }

  private LiteralPlan plan(ParsedRequest.Start start, LiteralDecision decision, long began) {
    return switch (decision) {
      case LiteralDecision.Hold() -> new LiteralPlan.Hold();
      case LiteralDecision.Spool(var sink) -> new LiteralPlan.Spool(sink);
      case LiteralDecision.Refuse(var outcome) -> refused(start, outcome, began);
    };
  }

  /** A command whose literal is refused has ended; a BAD counts as a protocol error. */
  private LiteralPlan refused(ParsedRequest.Start start, Outcome.Tagged outcome, long began) {
    if (!closed) {
      record(start.name(), outcome.label(), began);
      errors += outcome instanceof Outcome.Bad(_, boolean counts) && counts ? 1 : 0;
    }
    var line = reply.taggedLine(start.tag(), outcome.response());
    return new LiteralPlan.Refuse(line, errors >= settings().maxProtocolErrors());
  }

  private void record(String verb, String outcome, long began) {
    connection.commandEnded(verb, outcome, System.nanoTime() - began);
  }

  @Override
  public Uni<Void> command(Request request) {
    refreshConnectionState();
    if (betweenCommands.isEmpty()) {
      return run(request);
    }
    var loop = betweenCommands.get();
    betweenCommands = Optional.empty();
    loop.stop();
    return loop.stopped().chain(() -> run(request));
  }

  private Uni<Void> run(Request request) {
    long began = System.nanoTime();
    var start = ParsedRequest.start(request, extensions);
    var tag = start.tag();
    var context = context(tag);
    return switch (ParsedRequest.arguments(start, context)) {
      case ParsedRequest.Broken(_, var problem) -> {
        ended(tag, Outcome.bad(problem), start.name(), began);
        yield Uni.createFrom().voidItem();
      }
      case ParsedRequest.Good(var verb, var command) ->
          unlessGone(context, verb, command)
              .onFailure(ImapSession::answerable)
              .recoverWithUni(failure -> failed(context, failure))
              .chain(outcome -> sendUpdates(context, verb, outcome))
              .invoke(outcome -> ended(tag, outcome, verb.name(), began))
              .replaceWithVoid();
    };
  }

  /**
   * Runs the command, unless it uses or keeps a selected mailbox that is known to be deleted.
   * SELECT, EXAMINE and LOGOUT leave the mailbox.
   */
  private Uni<Outcome> unlessGone(CommandContext context, Verb verb, Command command) {
    boolean leaves =
        verb.updates() == Updates.Scope.NOTHING && !(command instanceof Command.Mailbox);
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
        .map(now -> !now.uidValidity().equals(view.uidValidity()))
        .onFailure(ImapSession::isMailboxGone)
        .recoverWithItem(true)
        .chain(
            gone ->
                gone ? context.bye("The selected mailbox was deleted.").now() : otherwise.get());
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
    return switch (command) {
      case Command.Anytime c -> c.run(context, state);
      case Command.Unauthenticated c ->
          switch (state) {
            case State.NotAuthenticated s -> c.run(context, s).invoke(this::countRefusal);
            case State.LoggedIn _, State.LoggedOut _ -> Outcome.bad(LOGGED_IN).now();
          };
      case Command.User c ->
          switch (state) {
            case State.LoggedIn s -> c.run(context, s);
            case State.NotAuthenticated _, State.LoggedOut _ -> Outcome.bad(LOG_IN).now();
          };
      case Command.Mailbox c ->
          switch (state) {
            case State.Selected s -> c.run(context, s);
            case State.Authenticated _ -> Outcome.bad(SELECT).now();
            case State.NotAuthenticated _, State.LoggedOut _ -> Outcome.bad(LOG_IN).now();
          };
    };
  }

  private void countRefusal(Outcome login) {
    refusedLogins += ErrorResponses.isOfLogin(login) ? 1 : 0;
  }

  /** A command cancelled because its client disconnected gets no response. */
  private static boolean answerable(Throwable failure) {
    return !(failure instanceof CancellationException);
  }

  /** A store failure becomes a response; any other is a bug, logged, and the session goes on. */
  private Outcome.Tagged failed(Throwable failure) {
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
          case Outcome.Bad _, Outcome.Bye _ -> false;
        };
    if (!stays || !(state instanceof State.Selected(_, View view))) {
      return Uni.createFrom().item(outcome);
    }
    return updates
        .send(view, verb.updates(), verb.resync())
        .replaceWith(outcome)
        .onFailure(ImapSession::answerable)
        .recoverWithUni(failure -> updatesFailed(context, verb, outcome, failure));
  }

  /** Updates that can't be sent now are sent later; the command's own result stays true. */
  private Uni<Outcome> updatesFailed(
      CommandContext context, Verb verb, Outcome outcome, Throwable failure) {
    return failed(context, failure)
        .map(answer -> verb.resync() || answer instanceof Outcome.Bye ? answer : outcome);
  }

  private void ended(String tag, Outcome outcome, String verb, long began) {
    // After the connection's end a command changes no state and watches no mailbox.
    if (closed) {
      return;
    }
    switch (outcome) {
      case Outcome.Ok ok -> succeeded(tag, ok);
      case Outcome.No no -> {
        no.next().ifPresent(this::enter);
        reply.tagged(tag, no.response());
      }
      case Outcome.Bad bad -> {
        errors += bad.counts() ? 1 : 0;
        reply.tagged(tag, bad.response());
      }
      case Outcome.Bye _ -> errors = 0;
    }
    record(verb, outcome.label(), began);
    goOn();
  }

  private void succeeded(String tag, Outcome.Ok ok) {
    errors = 0;
    ok.connection().ifPresent(this::enter);
    ok.next().ifPresent(this::enter);
    ok.stage()
        .ifPresentOrElse(
            stage -> connection.switchStream(stage, reply.taggedLine(tag, ok.response())),
            () -> reply.tagged(tag, ok.response()));
  }

  /** Waits for the next command, or closes the connection. */
  private void goOn() {
    if (state instanceof State.LoggedOut) {
      connection.close(CloseReason.LOGOUT);
    } else if (refusedLogins >= Refusal.MAX_PER_CONNECTION) {
      connection.close(CloseReason.LOGINS_REFUSED);
    } else if (errors >= settings().maxProtocolErrors()) {
      connection.close(CloseReason.ERRORS);
    } else {
      renewTimeout();
      if (connectionState.updatesBetweenCommands() && state instanceof State.Selected selected) {
        sendBetweenCommands(selected.view());
      }
    }
  }

  private void sendBetweenCommands(View view) {
    var loop =
        new UpdateLoop(
            shared.sender(),
            Optional.of(view),
            false,
            () -> context(ParsedRequest.NO_TAG).bye("The selected mailbox was deleted."));
    betweenCommands = Optional.of(loop);
    loop.start(false);
  }

  private void enter(ConnectionState changed) {
    connectionState = changed;
    reply.enabled(changed.enabled());
  }

  private void enter(State next) {
    state = next;
    listener.selected(
        next instanceof State.Selected(_, View view) ? Optional.of(view) : Optional.empty());
    if (next instanceof State.LoggedIn user && watch.isEmpty()) {
      connection.user(user.identity().name());
      watch = Optional.of(ports.hints().watch(user.identity().account(), listener));
    } else if (next instanceof State.NotAuthenticated) {
      unwatch();
      connection.userLeft();
    }
  }

  private void unwatch() {
    watch.ifPresent(Hints.Subscription::close);
    watch = Optional.empty();
  }

  @Override
  public void lineTooLong(int limit, Request start) {
    var command = ParsedRequest.start(start, extensions);
    var outcome = Outcome.bad("A command line has at most " + limit + " octets.");
    ended(command.tag(), outcome, command.name(), System.nanoTime());
  }

  @Override
  public Buffer farewell(CloseReason reason) {
    // Octets that follow would be taken for those of the literal.
    return reply.isAmidLiteral()
        ? Buffer.buffer()
        : Farewells.of(reason)
            .map(bye -> reply.taggedLine(ParsedRequest.NO_TAG, bye))
            .orElseGet(Buffer::buffer);
  }

  @Override
  public void closed(CloseReason reason) {
    closed = true;
    state = new State.LoggedOut();
    betweenCommands.ifPresent(UpdateLoop::stop);
    listener.selected(Optional.empty());
    listener.stop();
    unwatch();
  }
}
