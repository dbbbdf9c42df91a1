package io.postern.pop3;

import io.postern.auth.Identity;
import io.postern.cancellation.CancellationToken;
import io.postern.config.area.Pop3Settings;
import io.postern.model.Home;
import io.postern.model.MailProtocol;
import io.postern.model.NumberSet;
import io.postern.pop3.Pop3State.Authorization;
import io.postern.pop3.Pop3State.Transaction;
import io.postern.pop3.Pop3State.Update;
import io.postern.pop3.maildrop.Lease;
import io.postern.pop3.maildrop.Maildrop;
import io.postern.pop3.maildrop.MaildropOpener;
import io.postern.site.Sites;
import io.postern.store.MaildropLock;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.LiteralPlan;
import io.postern.wire.Protocol;
import io.postern.wire.Request;
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
  private final Responses responses;
  private final AuthorizationCommands authorization;
  private TransactionCommands commands;
  private Pop3State state = new Authorization(Optional.empty());
  private int errors;

  Pop3Session(Connection connection, Pop3Ports ports) {
    this.connection = connection;
    this.ports = ports;
    this.capabilities = new Capabilities(connection, ports);
    this.responses = new Responses(connection.out());
    this.authorization = new AuthorizationCommands(connection, ports, capabilities, responses);
    this.commands = new TransactionCommands(ports, connection.out(), responses);
  }

  @Override
  public void opened() {
    renewTimeout();
    // As Dovecot announces that it accepts the fields of a front end.
    boolean passedOn = connection.sites().front().isPresent();
    responses.ok((passedOn ? "[XCLIENT] " : "") + settings().banner());
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
    responses.begin();
    return dispatch(command)
        .onFailure(Pop3Session::answerable)
        .invoke(this::failed)
        .onFailure(Pop3Session::answerable)
        .recoverWithNull()
        .invoke(() -> ended(command.verb(), began));
  }

  private void ended(String verb, long began) {
    var outcome = commands.sending() ? "broken" : responses.refused() ? "err" : "ok";
    connection.commandEnded(verb, outcome, System.nanoTime() - began);
  }

  private Uni<Void> dispatch(Pop3Command command) {
    return switch (command) {
      case Pop3Command.Wrong(var why) -> now(() -> wrong(why));
      case Pop3Command.Quit _ -> quit();
      case Pop3Command.Capa _ ->
          now(
              () ->
                  responses.lines(
                      "Capability list follows",
                      capabilities.lines(state instanceof Transaction).stream()));
      case Pop3Command.Lang(var range) -> now(() -> lang(range));
      case Pop3Command.Unauthenticated unauthenticated ->
          switch (state) {
            case Authorization authorization -> authorize(authorization, unauthenticated);
            case Transaction _ -> now(() -> responses.refuse("You are logged in already"));
            case Update _ -> done();
          };
      case Pop3Command.Mail mail ->
          switch (state) {
            case Authorization _ -> now(() -> responses.refuse("Log in first"));
            case Transaction transaction -> commands.run(transaction.maildrop(), mail);
            case Update _ -> done();
          };
    };
  }

  private Uni<Void> authorize(Authorization before, Pop3Command.Unauthenticated command) {
    // A command that fails, or is a login, leaves nothing of an earlier USER.
    state = new Authorization(Optional.empty());
    return authorization
        .run(before, command)
        .chain(
            result ->
                switch (result) {
                  case AuthorizationCommands.Result.Continue(var next) -> now(() -> stay(next));
                  case AuthorizationCommands.Result.Authenticated(var identity) -> open(identity);
                  case AuthorizationCommands.Result.Malformed(var why) -> now(() -> wrong(why));
                });
  }

  private void stay(Authorization next) {
    // Unless the connection ended while the command ran.
    if (state instanceof Authorization) {
      state = next;
    }
  }

  private Uni<Void> open(Identity identity) {
    if (identity.elsewhere().isPresent()) {
      return enter(identity, identity.elsewhere().get());
    }
    var theirs = ports.of(identity);
    return new MaildropOpener(theirs.maildrop(), connection)
        .open(identity)
        .invoke(
            result -> {
              switch (result) {
                case MaildropOpener.Result.Opened(var maildrop, var lease) -> {
                  commands = new TransactionCommands(theirs, connection.out(), responses);
                  enter(identity, maildrop, lease);
                }
                case MaildropOpener.Result.Refused(var code, var text) ->
                    responses.refuse(code, text);
              }
            })
        .replaceWithVoid();
  }

  /** A connection that was passed on is not passed on again. */
  private Uni<Void> enter(Identity identity, Home home) {
    if (connection.sites().front().isPresent()) {
      return now(
          () ->
              responses.refuse(
                  "REFERRAL/" + home.site(),
                  "The home of the maildrop is " + home.site() + ":" + home.epoch()));
    }
    return ports
        .sites()
        .passOn(connection, MailProtocol.POP3, identity, Optional.empty())
        .invoke(this::passed)
        .replaceWithVoid();
  }

  private void passed(Sites.Passage passage) {
    switch (passage) {
      case Sites.Passage.Entered(var _, var pipe) when state instanceof Update ->
          // The client disconnected while it was passed on.
          pipe.server().close();
      case Sites.Passage.Entered(var answer, var pipe) -> {
        var first = Buffer.buffer(answer + "\r\n");
        connection.sites().pipe(pipe.withAnswer(first.appendBuffer(pipe.answer())));
      }
      case Sites.Passage.Refused(var code, var text) -> responses.refuse(code, text);
      case Sites.Passage.Denied() -> responses.refuse("AUTH", "Name or password is wrong");
      case Sites.Passage.Unavailable() ->
          responses.refuse(
              "SYS/TEMP",
              "Your maildrop cannot be reached now; try again (session " + connection.id() + ")");
    }
  }

  private void enter(Identity identity, Maildrop maildrop, Lease lease) {
    if (state instanceof Update) {
      // The client disconnected while the maildrop was opened.
      lease.giveUp();
      return;
    }
    state = new Transaction(maildrop, lease);
    renewTimeout();
    connection.user(identity.name());
    responses.ok("The maildrop has " + TransactionCommands.summary(maildrop));
  }

  private void lang(Optional<String> range) {
    if (range.isEmpty()) {
      responses.lines("Languages follow", Stream.of(LANGUAGE + " English"));
    } else if (range.get().equals("*") || range.get().equalsIgnoreCase(LANGUAGE)) {
      responses.ok(LANGUAGE + " Language changed");
    } else {
      responses.refuse("There is no such language; LANG lists the supported ones");
    }
  }

  private Uni<Void> quit() {
    return switch (state) {
      case Update _ -> done();
      case Authorization _ -> now(() -> leave(() -> responses.ok("Bye")));
      case Transaction(var maildrop, var lease) -> update(maildrop.deleted(), lease.end());
    };
  }

  // RFC 1939 §6: whatever the result, the lock is released and the session ends. After QUIT the
  // marked messages are removed, whether the client waits for the response or not.
  private Uni<Void> update(NumberSet deleted, MaildropLock lock) {
    state = new Update();
    return CancellationToken.uncancelled(released(deleted, lock))
        .onFailure()
        .invoke(
            failure -> {
              failed(failure);
              Lease.giveUp(ports.locks(), lock);
            })
        .onItemOrFailure()
        .transformToUni((_, _) -> now(() -> connection.close(CloseReason.LOGOUT)));
  }

  private Uni<Void> released(NumberSet deleted, MaildropLock lock) {
    if (deleted.isEmpty()) {
      return ports.locks().release(lock).invoke(() -> bye(0));
    }
    return ports
        .messages()
        .update(lock, deleted)
        .invoke(
            done ->
                done.ifPresentOrElse(
                    change -> bye(change.gone().size()),
                    () -> responses.refuse("SYS/TEMP", "The lock was lost and nothing is deleted")))
        .replaceWithVoid();
  }

  private void bye(long messages) {
    responses.ok("Bye; " + messages + " messages deleted");
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
    LOG.log(
        ofStore ? Level.WARNING : Level.ERROR,
        "session " + connection.id() + ": the command failed",
        failure);
    if (commands.sending()) {
      // The message can't be completed: the client must not take a part for the whole.
      connection.close(CloseReason.FAULT);
    } else if (failure instanceof StoreException e
        && e.failure() instanceof StoreFailure.Unavailable) {
      responses.refuse("SYS/TEMP", "The store does not answer; try again");
    } else if (failure instanceof StoreException e
        && e.failure() instanceof StoreFailure.Damaged(var mailbox, var uidValidity, _)) {
      // RFC 3206 §4
      var id = mailbox.mailbox().objectId(uidValidity);
      responses.refuse("SYS/PERM", "The mailbox " + id + " is damaged");
    } else if (ofStore) {
      responses.refuse("SYS/PERM", "The store refuses this");
    } else {
      responses.refuse("SYS/TEMP", "The server failed to do this");
    }
  }

  private void wrong(String why) {
    responses.refuse(why);
    errors++;
    if (errors >= settings().maxProtocolErrors()) {
      connection.close(CloseReason.ERRORS);
    }
  }

  @Override
  public void lineTooLong(int limit, Request start) {
    long began = System.nanoTime();
    responses.begin();
    wrong("A command line has at most " + settings().maxCommandSize().asLongValue() + " octets");
    ended("?", began);
  }

  @Override
  public Buffer farewell(CloseReason reason) {
    // After a part of a message, the response would be taken for its continuation.
    return commands.sending() ? Buffer.buffer() : Farewell.of(reason);
  }

  /** RFC 1939 §3: without QUIT nothing is deleted. */
  @Override
  public void closed(CloseReason reason) {
    commands.end();
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
