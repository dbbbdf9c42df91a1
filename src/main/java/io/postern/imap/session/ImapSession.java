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

/** One client's session: a turn for each command, and the state between them (RFC 3501 §3). */
final class ImapSession implements Protocol.Session {
  private static final System.Logger LOG = System.getLogger(ImapSession.class.getName());

  /** A state and a command that wants to run in it. */
  private record Pairing(State state, Command command) {}

  private final Connection connection;
  private final Ports ports;
  private final Vocabulary vocabulary;
  private final Updates updates;
  private final LiteralGate gate;
  private final Reply reply;
  private final Wakeup wakeup;
  private State state = new State.NotAuthenticated();
  private Terms terms;
  private Optional<Hints.Watch> watch = Optional.empty();
  private int errors;
  private int refusedLogins;
  private boolean closed;

  ImapSession(Connection connection, Ports ports, Vocabulary vocabulary) {
    this.connection = connection;
    this.ports = ports;
    this.vocabulary = vocabulary;
    this.updates = new Updates(ports.indexes(), ports.mailboxes(), ports.log());
    this.gate = new LiteralGate(ports);
    this.reply = new Reply(connection);
    this.wakeup = new Wakeup(ports.hints(), ports.log());
    this.terms = Terms.NONE;
  }

  private ImapSettings settings() {
    return ports.live().now().imap();
  }

  @Override
  public void opened() {
    refreshTerms();
    renewTimeout();
    reply.untagged("OK [CAPABILITY " + vocabulary.capabilities(terms) + "] " + settings().banner());
    reply.flush();
  }

  /** TLS may have come since the last turn, and settings may have changed. */
  private void refreshTerms() {
    terms = terms.now(connection, ports.mechanisms());
  }

  private void renewTimeout() {
    if (terms.loggedIn()) {
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
    wakeup.settingsChanged();
  }

  private Turn turn(String tag) {
    return new Turn(tag, reply, terms, ports, updates, connection, vocabulary, wakeup);
  }

  @Override
  public Uni<LiteralPlan> literal(Request.Head head) {
    refreshTerms();
    long began = System.nanoTime();
    var start = Parsed.start(new Request(head.texts(), head.literals()), vocabulary);
    return gate.plan(turn(start.tag()), state, start, head)
        .onFailure(ImapSession::answerable)
        .recoverWithItem(failure -> LiteralGate.refused(start.tag(), failed(failure)))
        .map(plan -> counted(start, plan, began));
  }

  /** A command whose literal is refused has ended; with BAD that is an error like any other. */
  private LiteralPlan counted(Parsed.Start start, LiteralPlan plan, long began) {
    if (closed || !(plan instanceof LiteralPlan.Refuse(var answer, boolean close))) {
      return plan;
    }
    boolean bad = LiteralGate.isBad(start.tag(), answer);
    ran(start.verb().map(Verb::name).orElse("?"), bad ? "bad" : "no", began);
    if (bad) {
      errors++;
    }
    return new LiteralPlan.Refuse(answer, close || errors >= settings().maxProtocolErrors());
  }

  private void ran(String verb, String outcome, long began) {
    ports.log().ran(verb, outcome, System.nanoTime() - began);
    connection.ended(verb, outcome);
  }

  @Override
  public Uni<Void> command(Request request) {
    refreshTerms();
    long began = System.nanoTime();
    return switch (Parsed.command(request, vocabulary)) {
      case Parsed.Broken(var tag, var verb, var problem) -> {
        ended(tag, Outcome.bad(problem), verb.map(Verb::name).orElse("?"), began);
        yield Uni.createFrom().voidItem();
      }
      case Parsed.Good(var tag, var verb, var command) -> {
        var turn = turn(tag);
        yield unlessGone(turn, verb, command)
            .onFailure(ImapSession::answerable)
            .recoverWithUni(failure -> failed(turn, failure))
            .chain(outcome -> told(turn, verb, outcome))
            .invoke(outcome -> ended(tag, outcome, verb.name(), began))
            .replaceWithVoid();
      }
    };
  }

  /**
   * Runs the command, unless it works on or stays in a mailbox that is known to be deleted. SELECT,
   * EXAMINE and LOGOUT leave it.
   */
  private Uni<Outcome> unlessGone(Turn turn, Verb verb, Command command) {
    boolean leaves = verb.tell() == Verb.Tell.NOTHING && !(command instanceof Command.Mailbox);
    return !leaves && state instanceof State.Selected(_, View view) && view.isHintedGone()
        ? byeIfGone(turn, view, () -> dispatch(turn, command))
        : dispatch(turn, command);
  }

  /**
   * RFC 2180 §3.3: a client whose selected mailbox was deleted is told by BYE, whatever it says.
   */
  private Uni<Outcome> byeIfGone(Turn turn, View view, Supplier<Uni<Outcome>> otherwise) {
    return ports
        .mailboxes()
        .state(view.mailbox())
        .replaceWith(false)
        .onFailure(ImapSession::isMailboxGone)
        .recoverWithItem(true)
        .chain(
            gone -> {
              if (!gone) {
                return otherwise.get();
              }
              turn.bye("The selected mailbox was deleted.");
              return new Outcome.Sent().now();
            });
  }

  private static boolean isMailboxGone(Throwable failure) {
    return failure instanceof StoreException e && e.failure() instanceof StoreFailure.MailboxGone;
  }

  /** What a failure comes to; it may be the selected mailbox that is gone, or another one. */
  private Uni<Outcome> failed(Turn turn, Throwable failure) {
    return isMailboxGone(failure) && state instanceof State.Selected(_, View view)
        ? byeIfGone(turn, view, () -> failed(failure).now())
            .onFailure(ImapSession::answerable)
            .recoverWithItem(this::failed)
        : failed(failure).now();
  }

  /** The whole state machine: this switch and {@link #enter}. */
  private Uni<Outcome> dispatch(Turn turn, Command command) {
    return switch (new Pairing(state, command)) {
      case Pairing(State.LoggedOut _, _) -> Outcome.bad("The session is over.").now();
      case Pairing(var any, Command.Anytime c) -> c.run(turn, any);
      case Pairing(State.NotAuthenticated s, Command.Guest c) ->
          c.run(turn, s).invoke(this::countRefusal);
      case Pairing(State.NotAuthenticated _, Command.User _) -> Outcome.bad(LOG_IN).now();
      case Pairing(State.NotAuthenticated _, Command.Mailbox _) -> Outcome.bad(LOG_IN).now();
      case Pairing(State.Authenticated _, Command.Guest _) -> Outcome.bad(LOGGED_IN).now();
      case Pairing(State.Authenticated s, Command.User c) -> c.run(turn, s.identity());
      case Pairing(State.Authenticated _, Command.Mailbox _) ->
          Outcome.bad("SELECT or EXAMINE a mailbox first.").now();
      case Pairing(State.Selected _, Command.Guest _) -> Outcome.bad(LOGGED_IN).now();
      case Pairing(State.Selected s, Command.User c) -> c.run(turn, s.identity());
      case Pairing(State.Selected s, Command.Mailbox c) -> c.run(turn, s);
    };
  }

  private void countRefusal(Outcome login) {
    refusedLogins += Refusals.isOfLogin(login) ? 1 : 0;
  }

  private static final String LOG_IN = "LOGIN or AUTHENTICATE first.";
  private static final String LOGGED_IN = "You are logged in already.";

  /** A command that was cancelled because its client has gone has no answer. */
  private static boolean answerable(Throwable failure) {
    return !(failure instanceof CancellationException);
  }

  /** A failure of the store is an answer; any other is a fault of ours, and the session lives. */
  private Outcome failed(Throwable failure) {
    if (failure instanceof StoreException e) {
      if (e.failure() instanceof StoreFailure.Unavailable) {
        LOG.log(System.Logger.Level.WARNING, "session " + connection.id() + ": " + e.failure());
      }
      return Refusals.of(e.failure());
    }
    LOG.log(System.Logger.Level.ERROR, "session " + connection.id() + ": a fault", failure);
    return Outcome.no("SERVERBUG", "The server failed to do this.");
  }

  /** Tells what the verb allows before its tagged line, if the same mailbox is still selected. */
  private Uni<Outcome> told(Turn turn, Verb verb, Outcome outcome) {
    boolean stays =
        switch (outcome) {
          case Outcome.Ok ok -> ok.next().isEmpty();
          case Outcome.No no -> no.next().isEmpty();
          case Outcome.Bad _, Outcome.Sent _ -> false;
        };
    if (!stays
        || verb.tell() == Verb.Tell.NOTHING
        || !(state instanceof State.Selected(_, View view))) {
      return Uni.createFrom().item(outcome);
    }
    return updates
        .index(view, verb.fresh())
        .chain(index -> updates.tell(view, index, verb.tell(), reply))
        .replaceWith(outcome)
        .onFailure(ImapSession::answerable)
        .recoverWithUni(failure -> untold(turn, verb, outcome, failure));
  }

  /** What could not be told now is told later; the command's own result stays true. */
  private Uni<Outcome> untold(Turn turn, Verb verb, Outcome outcome, Throwable failure) {
    return failed(turn, failure)
        .map(answer -> verb.fresh() || answer instanceof Outcome.Sent ? answer : outcome);
  }

  private void ended(String tag, Outcome outcome, String verb, long began) {
    // What ends behind a connection's end changes nothing, and watches nothing.
    if (closed) {
      return;
    }
    switch (outcome) {
      case Outcome.Ok(var code, var text, var next, var changed) -> {
        errors = 0;
        changed.ifPresent(t -> terms = t);
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
    ran(verb, outcome.label(), began);
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
    wakeup.selected(
        next instanceof State.Selected(_, View view) ? Optional.of(view) : Optional.empty());
    if (next instanceof State.Authenticated(Identity identity) && watch.isEmpty()) {
      connection.user(identity.name());
      watch = Optional.of(ports.hints().watch(identity.account(), wakeup));
    }
  }

  @Override
  public void lineTooLong(int limit, Request start) {
    long began = System.nanoTime();
    var command = Parsed.start(start, vocabulary);
    bad(command.tag(), Outcome.bad("A command line has at most " + limit + " octets."));
    ran(command.verb().map(Verb::name).orElse("?"), "bad", began);
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
    wakeup.selected(Optional.empty());
    wakeup.stop();
    watch.ifPresent(Hints.Watch::close);
    watch = Optional.empty();
  }
}
