package io.postern.imap.session;

import io.postern.auth.Refusal;
import io.postern.config.area.ImapSettings;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.ResponseWriter;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.response.Untagged;
import io.postern.imap.selected.MailboxListener;
import io.postern.imap.selected.SelectedEvents;
import io.postern.imap.selected.UpdateLoop;
import io.postern.imap.selected.Updates;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.ImapPorts;
import io.postern.imap.spi.LiteralDecision;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.push.Hints;
import io.postern.store.Mailboxes;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.LiteralPlan;
import io.postern.wire.Protocol;
import io.postern.wire.Request;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/** One client's session: runs its commands and keeps the state between them (RFC 3501 §3). */
final class ImapSession implements Protocol.Session {
  private final Connection connection;
  private final ImapPorts ports;
  private final ServedExtensions served;
  private final ResponseWriter reply;
  private final Updates updates;
  private final MailboxListener listener;
  private ExtensionRegistry registry;
  private CommandContext.Session shared;
  private final CommandRunner runner;
  private State state = new State.NotAuthenticated();
  private ConnectionState connectionState = ConnectionState.NONE;
  private Optional<Hints.Subscription> watch = Optional.empty();

  /** Watches the account of the selected mailbox, if that is another. */
  private Optional<Hints.Subscription> watchOfOther = Optional.empty();

  /** Sends updates while no command runs, if an extension asked for that. */
  private Optional<UpdateLoop> betweenCommands = Optional.empty();

  private int errors;
  private int refusedLogins;
  private boolean closed;

  ImapSession(Connection connection, ImapPorts ports, ServedExtensions served) {
    this.connection = connection;
    this.ports = ports;
    this.served = served;
    this.reply = new ResponseWriter(connection);
    this.updates = new Updates(ports.indexes(), this::mailboxes, reply, ports.meter());
    this.listener = new MailboxListener(ports.hints(), ports.meter());
    var sender = new UpdateLoop.Sender(connection, reply, updates, listener, this::intervals);
    this.registry = served.to("");
    this.shared = new CommandContext.Session(ports, registry, sender);
    this.runner = new CommandRunner(updates, connection::id);
  }

  private Mailboxes mailboxes() {
    return shared.ports().mailboxes();
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
    setTimeouts();
    var capability = new ResponseCode.Capability(registry.capabilities(connectionState));
    reply.send(StatusResponse.of(Condition.OK, capability, settings().banner()));
    reply.flush();
  }

  /** TLS may have started since the last command, and settings may have changed. */
  private void refreshConnectionState() {
    connectionState = connectionState.now(connection, ports.mechanisms());
  }

  /** The connection itself notes when the client was last heard: no command sets them again. */
  private void setTimeouts() {
    if (state instanceof State.LoggedIn) {
      connection.timeout(settings().authenticatedConnectionTimeout(), CloseReason.IDLE_TIMEOUT);
    } else {
      var time = settings().preAuthenticatedConnectionTimeout();
      connection.timeout(time, CloseReason.LOGIN_TIMEOUT);
      connection.loginWithin(time);
    }
  }

  @Override
  public void settingsChanged() {
    setTimeouts();
    listener.settingsChanged();
  }

  private CommandContext context(String tag) {
    return new CommandContext(tag, state, connectionState, shared);
  }

  @Override
  public Uni<LiteralPlan> literal(Request.Head head) {
    refreshConnectionState();
    long began = System.nanoTime();
    var start = parse(new Request(head.texts(), head.literals()));
    return LiteralPolicy.decide(context(start.tag()), start, head, registry)
        .onFailure(CommandRunner::answerable)
        .recoverWithItem(failure -> new LiteralDecision.Refuse(runner.failed(failure)))
        .map(decision -> plan(start, decision, began));
  }

  private ParsedRequest.Start parse(Request request) {
    return ParsedRequest.start(request, registry, connectionState.enabled().utf8());
  }

  private LiteralPlan plan(ParsedRequest.Start start, LiteralDecision decision, long began) {
    return switch (decision) {
      case LiteralDecision.Hold _ -> new LiteralPlan.Hold();
      case LiteralDecision.Spool(var sink) -> new LiteralPlan.Spool(sink);
      case LiteralDecision.Refuse(var outcome) -> refused(start, outcome, began);
    };
  }

  /** A command whose literal is refused has ended; a BAD counts as a protocol error. */
  private LiteralPlan refused(ParsedRequest.Start start, Outcome.Tagged outcome, long began) {
    if (!closed) {
      record(start.name(), outcome.label(), began);
      errors += outcome instanceof Outcome.Bad(_, _, boolean counts) && counts ? 1 : 0;
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
    var start = parse(request);
    var tag = start.tag();
    var context = context(tag);
    return switch (ParsedRequest.arguments(start, context, registry)) {
      case ParsedRequest.Broken(_, var outcome) -> {
        ended(tag, outcome, start.name(), began);
        yield Uni.createFrom().voidItem();
      }
      case ParsedRequest.Good(var verb, var command) ->
          enable(context, command)
              .chain(() -> runner.run(context(tag), verb, command))
              .invoke(outcome -> ended(tag, outcome, verb.name(), began))
              .replaceWithVoid();
    };
  }

  /** Switches on what giving the command enables, before it runs (RFC 7162 §3.1). */
  private Uni<Void> enable(CommandContext context, Command command) {
    boolean runs =
        command instanceof Command.Mailbox
            ? state instanceof State.Selected
            : state instanceof State.LoggedIn;
    return command.enables().isEmpty() || !runs
        ? Uni.createFrom().voidItem()
        : registry
            .enable(command.enables(), context)
            .invoke(names -> enter(connectionState.enable(names)))
            .replaceWithVoid();
  }

  private void ended(String tag, Outcome outcome, String verb, long began) {
    // After the connection's end a command changes no state and watches no mailbox.
    if (closed) {
      if (outcome instanceof Outcome.PassedOn(_, var pipe)) {
        pipe.server().close();
      }
      return;
    }
    switch (outcome) {
      case Outcome.Ok ok -> succeeded(tag, ok);
      case Outcome.No no -> {
        boolean refused = state instanceof State.NotAuthenticated && ErrorResponses.isOfLogin(no);
        refusedLogins += refused ? 1 : 0;
        no.next().ifPresent(this::enter);
        reply.tagged(tag, no.response());
      }
      case Outcome.Bad bad -> {
        errors += bad.counts() ? 1 : 0;
        reply.tagged(tag, bad.response());
      }
      case Outcome.PassedOn(var response, var pipe) -> {
        var first = Buffer.buffer(tag + " " + response + "\r\n");
        connection.sites().pipe(pipe.withAnswer(first.appendBuffer(pipe.answer())));
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
    } else if (state instanceof State.LoggedIn
        && (connectionState.updatesBetweenCommands() || listener.notifications().isPresent())) {
      sendBetweenCommands();
    }
  }

  private void sendBetweenCommands() {
    var loop =
        new UpdateLoop(
            shared.sender(),
            connectionState.updatesBetweenCommands() ? selected() : Optional.empty(),
            false,
            () -> context(ParsedRequest.NO_TAG).bye("The selected mailbox was deleted."));
    betweenCommands = Optional.of(loop);
    loop.start(false);
  }

  private void enter(ConnectionState changed) {
    if (!changed.client().equals(connectionState.client())) {
      serve(changed);
    }
    connectionState = changed;
    reply.enabled(changed.enabled());
  }

  /** The client has said who it is: what is not for it is not served any more. */
  private void serve(ConnectionState changed) {
    var before = registry.capabilities(changed);
    registry = served.to(changed.client());
    shared = new CommandContext.Session(shared.ports(), registry, shared.sender());
    var now = registry.capabilities(changed);
    if (!now.equals(before)) {
      reply.send(new Untagged.Capability(now));
    }
  }

  private void enter(State next) {
    state = next;
    listener.selected(selected());
    watchOfOther.ifPresent(Hints.Subscription::close);
    watchOfOther =
        next instanceof State.Selected(var identity, View view)
                && !view.mailbox().account().equals(identity.account())
            ? Optional.of(ports.hints().watch(view.mailbox().account(), listener))
            : Optional.empty();
    if (next instanceof State.LoggedIn user && watch.isEmpty()) {
      connection.user(user.identity().name());
      watch = Optional.of(ports.hints().watch(user.identity().account(), listener));
      shared = shared.with(ports.of(user.identity()));
      setTimeouts();
    } else if (next instanceof State.NotAuthenticated) {
      unwatch();
      listener.notifications(Optional.empty());
      updates.events(SelectedEvents.ALL);
      shared = shared.with(ports);
      connection.userLeft();
      setTimeouts();
    }
  }

  private Optional<View> selected() {
    return state instanceof State.Selected(_, View view) ? Optional.of(view) : Optional.empty();
  }

  private void unwatch() {
    watchOfOther.ifPresent(Hints.Subscription::close);
    watchOfOther = Optional.empty();
    watch.ifPresent(Hints.Subscription::close);
    watch = Optional.empty();
  }

  @Override
  public boolean mayBeLong(Buffer start) {
    return parse(new Request(List.of(start), List.of())).verb().filter(Verb::mayBeLong).isPresent();
  }

  @Override
  public void lineTooLong(int limit, Request start) {
    var command = parse(start);
    var outcome = Outcome.bad("A command line has at most " + limit + " octets.");
    ended(command.tag(), outcome, command.name(), System.nanoTime());
  }

  @Override
  public Buffer farewell(CloseReason reason) {
    // Octets that follow would be taken for those of the literal.
    return reply.isAmidLiteral() ? Buffer.buffer() : Farewells.line(reason);
  }

  @Override
  public void closed(CloseReason reason) {
    closed = true;
    state = new State.LoggedOut();
    betweenCommands.ifPresent(UpdateLoop::cancel);
    listener.notifications(Optional.empty());
    listener.selected(Optional.empty());
    listener.stop();
    unwatch();
  }
}
