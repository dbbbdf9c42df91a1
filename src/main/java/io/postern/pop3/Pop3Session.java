package io.postern.pop3;

import io.postern.auth.Identity;
import io.postern.auth.Login;
import io.postern.auth.LoginAttempt;
import io.postern.auth.Mechanisms;
import io.postern.auth.Refusal;
import io.postern.auth.Sasl;
import io.postern.auth.Sasl.Step;
import io.postern.cancellation.CancellationToken;
import io.postern.config.Pop3Settings;
import io.postern.model.NumberSet;
import io.postern.pop3.Pop3State.Authorization;
import io.postern.pop3.Pop3State.Transaction;
import io.postern.pop3.Pop3State.Update;
import io.postern.store.MaildropLock;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.Secret;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.LiteralPlan;
import io.postern.wire.Protocol;
import io.postern.wire.Request;
import io.postern.wire.StreamStage;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

/** One client's session: its state, and the effect of each command on it (RFC 1939 §3). */
final class Pop3Session implements Protocol.Session {
  private static final Logger LOG = System.getLogger(Pop3Session.class.getName());
  private static final String LANGUAGE = "en";

  private final Connection connection;
  private final Pop3Ports ports;
  private final Capabilities capabilities;
  private final Responses answers;
  private final TransactionCommands commands;
  private Pop3State state = new Authorization(Optional.empty());
  private int errors;
  private int refusedLogins;

  Pop3Session(Connection connection, Pop3Ports ports) {
    this.connection = connection;
    this.ports = ports;
    this.capabilities = new Capabilities(connection, ports);
    this.answers = new Responses(connection.out());
    this.commands = new TransactionCommands(ports, connection.out(), answers);
  }

  @Override
  public void opened() {
    renewTimeout();
    answers.ok(settings().banner());
    connection.out().flush();
  }

  @Override
  public void settingsChanged() {
    renewTimeout();
  }

  private void renewTimeout() {
    if (state instanceof Transaction) {
      connection.timeout(settings().authenticatedConnectionTimeout(), CloseReason.IDLE_TIMEOUT);
    } else {
      var time = settings().preAuthenticatedConnectionTimeout();
      connection.timeout(time, CloseReason.LOGIN_TIMEOUT);
      connection.loginWithin(time);
    }
  }

  @Override
  public Uni<LiteralPlan> literal(Request.Head head) {
    throw new IllegalStateException("POP3 has no literals");
  }

  @Override
  public Uni<Void> command(Request request) {
    int limit = (int) settings().maxCommandSize().asLongValue();
    var command = Pop3Commands.read(request.texts().getFirst(), limit);
    if (!(command instanceof Pop3Command.Wrong)) {
      errors = 0;
    }
    long began = System.nanoTime();
    answers.begin();
    return dispatch(command)
        .onFailure(Pop3Session::answerable)
        .invoke(this::failed)
        .onFailure(Pop3Session::answerable)
        .recoverWithNull()
        .invoke(() -> ended(command.verb(), began));
  }

  private void ended(String verb, long began) {
    var outcome = commands.sending() ? "broken" : answers.refused() ? "err" : "ok";
    ports.log().ran(verb, outcome, System.nanoTime() - began);
    connection.ended(verb, outcome);
    renewTimeout();
  }

  private Uni<Void> dispatch(Pop3Command command) {
    return switch (command) {
      case Pop3Command.Wrong(var why) -> now(() -> wrong(why));
      case Pop3Command.Quit _ -> quit();
      case Pop3Command.Capa _ ->
          now(
              () ->
                  answers.lines(
                      "Capability list follows",
                      capabilities.lines(state instanceof Transaction).stream()));
      case Pop3Command.Lang(var range) -> now(() -> lang(range));
      case Pop3Command.Unauthenticated guest ->
          switch (state) {
            case Authorization authorization -> guest(authorization, guest);
            case Transaction _ -> now(() -> answers.refuse("You are logged in already"));
            case Update _ -> done();
          };
      case Pop3Command.Mail mail ->
          switch (state) {
            case Authorization _ -> now(() -> answers.refuse("Log in first"));
            case Transaction transaction -> commands.run(transaction.maildrop(), mail);
            case Update _ -> done();
          };
    };
  }

  private Uni<Void> guest(Authorization authorization, Pop3Command.Unauthenticated command) {
    return switch (command) {
      case Pop3Command.User(var name) -> now(() -> user(name));
      case Pop3Command.Pass(var password) -> pass(authorization, password);
      case Pop3Command.Auth auth -> auth(auth);
      case Pop3Command.Stls _ -> now(this::startTls);
      // RFC 6856 §2: neither mode converts anything
      case Pop3Command.Utf8 _ -> now(() -> answers.ok("UTF-8 it is"));
    };
  }

  private void user(String name) {
    if (!capabilities.offer().password()) {
      afterTls();
      return;
    }
    // RFC 1939 §7: the response does not reveal whether the mailbox exists
    state = new Authorization(Optional.of(name));
    answers.ok("Send the password");
  }

  private Uni<Void> pass(Authorization authorization, Secret password) {
    if (authorization.user().isEmpty()) {
      return now(() -> answers.refuse("Say USER first"));
    }
    state = new Authorization(Optional.empty());
    return ports
        .login()
        .password(
            new LoginAttempt(capabilities.client(), "USER", authorization.user().get()), password)
        .chain(
            result ->
                switch (result) {
                  case Login.Result.Welcome(var identity) -> open(identity);
                  case Login.Result.Refused(var refusal) -> now(() -> refused(refusal));
                });
  }

  private Uni<Void> auth(Pop3Command.Auth auth) {
    if (auth.mechanism().isEmpty()) {
      var names = capabilities.offer().names().stream();
      return now(() -> answers.lines("Mechanisms follow", names));
    }
    return switch (ports.mechanisms().choose(capabilities.client(), auth.mechanism().get())) {
      case Mechanisms.Choice.Available(var mechanism) ->
          exchange(mechanism, auth.initialResponse());
      case Mechanisms.Choice.AfterTls() -> now(this::afterTls);
      case Mechanisms.Choice.Unknown() ->
          now(() -> answers.refuse("There is no such mechanism; CAPA shows those there are"));
    };
  }

  private void afterTls() {
    answers.refuse("SYS/PERM", "A password is taken under TLS only: say STLS first");
  }

  private Uni<Void> exchange(Sasl.Mechanism mechanism, Optional<Buffer> initialResponse) {
    return new SaslExchange(connection)
        .run(mechanism, capabilities.client(), initialResponse)
        .chain(
            result ->
                switch (result) {
                  case SaslExchange.Result.Broken(var why) -> now(() -> wrong(why));
                  case SaslExchange.Result.Ended(Step.Done(var identity)) -> open(identity);
                  case SaslExchange.Result.Ended(Step.Refused(var refusal)) ->
                      now(() -> refused(refusal));
                  case SaslExchange.Result.Ended(Step.Challenge _) ->
                      throw new IllegalStateException("an exchange ended with a challenge");
                });
  }

  // RFC 3206 §4 and §5
  private void refused(Refusal refusal) {
    switch (refusal) {
      case MALFORMED -> wrong("The response is not what the mechanism asks for");
      case CREDENTIALS -> answers.refuse("AUTH", "Name or password is wrong");
      case TOO_MANY -> answers.refuse("IN-USE", "There are too many connections already");
      case UNAVAILABLE -> answers.refuse("SYS/TEMP", "It can't be found out now; try again");
    }
    // A malformed response counts as a protocol error; a connection limit means no wrong guess.
    boolean counts = refusal != Refusal.MALFORMED && refusal != Refusal.TOO_MANY;
    refusedLogins += counts ? 1 : 0;
    if (refusedLogins >= Refusal.MOST) {
      connection.close(CloseReason.LOGINS_REFUSED);
    }
  }

  private Uni<Void> open(Identity identity) {
    return new MaildropOpener(ports)
        .open(identity)
        .invoke(
            result -> {
              switch (result) {
                case MaildropOpener.Result.Opened(var maildrop, var lock) ->
                    enter(identity, maildrop, lock);
                case MaildropOpener.Result.Refused(var code, var text) ->
                    answers.refuse(code, text);
              }
            })
        .replaceWithVoid();
  }

  private void enter(Identity identity, Maildrop maildrop, MaildropLock lock) {
    if (state instanceof Update) {
      // The client disconnected while the maildrop was opened.
      Lease.giveUp(ports.locks(), lock);
      return;
    }
    var lease =
        new Lease(ports.locks(), lock, connection, () -> connection.close(CloseReason.KICKED));
    state = new Transaction(maildrop, lease);
    connection.user(identity.name());
    answers.ok("The maildrop has " + TransactionCommands.summary(maildrop));
  }

  private void startTls() {
    if (connection.secure()) {
      answers.refuse("TLS is on already");
    } else if (!connection.canStartTls()) {
      answers.refuse("TLS is not to be had here");
    } else {
      // RFC 2595 §4: what the client said before TLS is discarded
      state = new Authorization(Optional.empty());
      connection.switchStream(StreamStage.TLS, Buffer.buffer("+OK Begin TLS negotiation\r\n"));
    }
  }

  private void lang(Optional<String> range) {
    if (range.isEmpty()) {
      answers.lines("Languages follow", Stream.of(LANGUAGE + " English"));
    } else if (range.get().equals("*") || range.get().equalsIgnoreCase(LANGUAGE)) {
      answers.ok(LANGUAGE + " English it is");
    } else {
      answers.refuse("There is no such language; LANG lists those there are");
    }
  }

  private Uni<Void> quit() {
    return switch (state) {
      case Update _ -> done();
      case Authorization _ -> now(() -> leave(() -> answers.ok("Bye")));
      case Transaction(var maildrop, var lease) -> update(maildrop.deleted(), lease.end());
    };
  }

  // RFC 1939 §6: whatever the result, the lock is released and the session ends. After QUIT the
  // marked messages are removed, whether the client waits for the response or not.
  private Uni<Void> update(NumberSet deleted, MaildropLock lock) {
    state = new Update();
    return CancellationToken.uncancelled(ports.messages().update(lock, deleted))
        .invoke(
            done ->
                done.ifPresentOrElse(
                    change -> answers.ok("Bye; " + change.gone().size() + " messages deleted"),
                    () -> answers.refuse("SYS/TEMP", "The lock was lost and nothing is deleted")))
        .onFailure()
        .invoke(
            failure -> {
              failed(failure);
              Lease.giveUp(ports.locks(), lock);
            })
        .onItemOrFailure()
        .transformToUni((_, _) -> now(() -> connection.close(CloseReason.LOGOUT)));
  }

  private void leave(Runnable goodbye) {
    state = new Update();
    goodbye.run();
    connection.close(CloseReason.LOGOUT);
  }

  /** A command cancelled because its client disconnected gets no response. */
  private static boolean answerable(Throwable failure) {
    return !(failure instanceof CancellationException);
  }

  /** A store failure becomes a response; any other is a bug, logged, and the session goes on. */
  private void failed(Throwable failure) {
    boolean ofStore = failure instanceof StoreException;
    LOG.log(ofStore ? Level.WARNING : Level.ERROR, "session " + connection.id(), failure);
    if (commands.sending()) {
      // The message can't be completed: the client must not take a part for the whole.
      connection.close(CloseReason.FAULT);
    } else if (failure instanceof StoreException e
        && e.failure() instanceof StoreFailure.Unavailable) {
      answers.refuse("SYS/TEMP", "The store does not answer; try again");
    } else if (ofStore) {
      answers.refuse("SYS/PERM", "The store refuses this");
    } else {
      answers.refuse("SYS/TEMP", "The server failed to do this");
    }
  }

  private void wrong(String why) {
    answers.refuse(why);
    errors++;
    if (errors >= settings().maxProtocolErrors()) {
      connection.close(CloseReason.ERRORS);
    }
  }

  @Override
  public void lineTooLong(int limit, Request start) {
    long began = System.nanoTime();
    answers.begin();
    wrong("A command line has at most " + settings().maxCommandSize().asLongValue() + " octets");
    ended("?", began);
  }

  @Override
  public Buffer farewell(CloseReason reason) {
    if (commands.sending()) {
      return Buffer.buffer();
    }
    return switch (reason) {
      // RFC 1939 §3: at a time-out nothing is sent
      case CLIENT, LOGOUT, LOGIN_TIMEOUT, IDLE_TIMEOUT, STALLED -> Buffer.buffer();
      case ERRORS -> Buffer.buffer("-ERR Too many errors\r\n");
      case LOGINS_REFUSED -> Buffer.buffer("-ERR [AUTH] Too many logins were refused\r\n");
      case TOO_LARGE -> Buffer.buffer("-ERR The line is too long to be read\r\n");
      case ADDRESS_FULL -> last("Too many connections from your address; please try again later");
      case FULL -> last("Too many connections; please try again later");
      // RFC 3206 §4
      case DENIED ->
          Buffer.buffer("-ERR [SYS/PERM] Connections from this address are not taken\r\n");
      case DISPLACED -> last("A newer session takes the place of this one");
      case SHUTDOWN -> last("The server goes away; please connect again");
      case KICKED -> last("The session is ended");
      case FAULT -> last("The server failed");
    };
  }

  private static Buffer last(String text) {
    return Buffer.buffer("-ERR [SYS/TEMP] " + text + "\r\n");
  }

  /** RFC 1939 §3: without QUIT nothing is deleted. */
  @Override
  public void closed(CloseReason reason) {
    if (state instanceof Transaction(_, var lease)) {
      lease.giveUp();
    }
    state = new Update();
  }

  private Pop3Settings settings() {
    return ports.live().now().pop3();
  }

  private static Uni<Void> now(Runnable work) {
    work.run();
    return done();
  }

  private static Uni<Void> done() {
    return Uni.createFrom().voidItem();
  }
}
