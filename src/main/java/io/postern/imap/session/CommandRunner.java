package io.postern.imap.session;

import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.selected.Updates;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.RefusedException;
import io.postern.imap.state.State;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * Runs one command in the state of its context: up to the updates of the selected mailbox that are
 * sent before its tagged line. Changes no state: the outcome names the next one.
 */
final class CommandRunner {
  private static final System.Logger LOG = System.getLogger(CommandRunner.class.getName());
  private static final String LOG_IN = "LOGIN or AUTHENTICATE first.";
  private static final String LOGGED_IN = "You are logged in already.";
  private static final String SELECT = "SELECT or EXAMINE a mailbox first.";

  private final Updates updates;
  private final Supplier<String> session;

  /**
   * @param session the session's identifier in logs
   */
  CommandRunner(Updates updates, Supplier<String> session) {
    this.updates = updates;
    this.session = session;
  }

  /** Runs the command; fails only if its client has disconnected. */
  Uni<Outcome> run(CommandContext context, Verb verb, Command command) {
    return unlessGone(context, verb, command)
        .onFailure(CommandRunner::answerable)
        .recoverWithUni(failure -> failed(context, failure))
        .chain(outcome -> sendUpdates(context, verb, command, outcome));
  }

  /**
   * Runs the command, unless it uses or keeps a selected mailbox that is known to be deleted.
   * SELECT, EXAMINE and LOGOUT leave the mailbox.
   */
  private Uni<Outcome> unlessGone(CommandContext context, Verb verb, Command command) {
    boolean leaves =
        verb.updates() == Updates.Scope.NOTHING && !(command instanceof Command.Mailbox);
    return !leaves && context.state() instanceof State.Selected(_, View view) && view.isHintedGone()
        ? byeIfGone(context, view, () -> dispatch(context, command))
        : dispatch(context, command);
  }

  /** RFC 2180 §3.3: a client whose selected mailbox was deleted gets BYE for any command. */
  private Uni<Outcome> byeIfGone(
      CommandContext context, View view, Supplier<Uni<Outcome>> otherwise) {
    return context
        .ports()
        .mailboxes()
        .state(view.mailbox())
        // A renewed UIDVALIDITY is another mailbox to the client.
        .map(
            now -> {
              view.present(now.highestModSeq());
              return !now.uidValidity().equals(view.uidValidity());
            })
        .onFailure(CommandRunner::isMailboxGone)
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
    return isMailboxGone(failure) && context.state() instanceof State.Selected(_, View view)
        ? byeIfGone(context, view, () -> failed(failure).now())
            .onFailure(CommandRunner::answerable)
            .recoverWithItem(this::failed)
        : failed(failure).now();
  }

  /** The state machine: this switch, and what the session makes of the outcome. */
  private static Uni<Outcome> dispatch(CommandContext context, Command command) {
    var state = context.state();
    return switch (command) {
      case Command.Anytime c -> c.run(context, state);
      case Command.Unauthenticated c ->
          switch (state) {
            case State.NotAuthenticated s -> c.run(context, s);
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

  /** A command cancelled because its client disconnected gets no response. */
  static boolean answerable(Throwable failure) {
    return !(failure instanceof CancellationException);
  }

  /** A store failure becomes a response; any other is a bug, logged, and the session goes on. */
  Outcome.Tagged failed(Throwable failure) {
    if (failure instanceof StoreException e) {
      if (e.failure() instanceof StoreFailure.Unavailable) {
        LOG.log(System.Logger.Level.WARNING, "session " + session.get() + ": " + e.failure());
      }
      return ErrorResponses.of(e.failure());
    }
    if (failure instanceof RefusedException e) {
      return e.outcome();
    }
    LOG.log(
        System.Logger.Level.ERROR, "session " + session.get() + ": the command failed", failure);
    return Outcome.no("SERVERBUG", "The server failed to do this.");
  }

  /** Sends the updates that the command allows, if the same mailbox is still selected. */
  private Uni<Outcome> sendUpdates(
      CommandContext context, Verb verb, Command command, Outcome outcome) {
    boolean stays =
        switch (outcome) {
          case Outcome.Ok ok -> ok.next().isEmpty();
          case Outcome.No no -> no.next().isEmpty();
          case Outcome.Bad _, Outcome.PassedOn _, Outcome.Bye _ -> false;
        };
    if (!stays || !(context.state() instanceof State.Selected(_, View view))) {
      return Uni.createFrom().item(outcome);
    }
    return updates
        .send(view, scope(verb, command), verb.resync(), changed(outcome))
        .replaceWith(outcome)
        .onFailure(CommandRunner::answerable)
        .recoverWithUni(failure -> updatesFailed(context, verb, outcome, failure))
        .map(it -> withLimit(context, withModSeq(context, view, it)));
  }

  private static boolean changed(Outcome outcome) {
    return outcome instanceof Outcome.Ok ok && ok.changed();
  }

  private static Updates.Scope scope(Verb verb, Command command) {
    return command.usesNumbers() && verb.updates() == Updates.Scope.ALL
        ? Updates.Scope.WITHOUT_EXPUNGE
        : verb.updates();
  }

  /** Updates that can't be sent now are sent later; the command's own result stays true. */
  private Uni<Outcome> updatesFailed(
      CommandContext context, Verb verb, Outcome outcome, Throwable failure) {
    return failed(context, failure)
        .map(answer -> verb.resync() || answer instanceof Outcome.Bye ? answer : outcome);
  }

  /** RFC 7162 §3.2.7: a client that keeps mod-sequences gets the mailbox's after a change. */
  private Outcome withModSeq(CommandContext context, View view, Outcome outcome) {
    if (context.enabled().condStore() && outcome instanceof Outcome.Ok ok && ok.changed()) {
      if (ok.code().isEmpty()) {
        return ok.code(Updates.highestModSeq(view));
      }
      updates.sendHighestModSeq(view);
    } else {
      updates.limitModSeq(view);
    }
    return outcome;
  }

  /** RFC 9738 §3.1: beside another code, the limit is sent in an untagged NO. */
  private static Outcome withLimit(CommandContext context, Outcome outcome) {
    if (!(outcome instanceof Outcome.Ok ok) || ok.limit().isEmpty()) {
      return outcome;
    }
    if (ok.code().isEmpty()) {
      return ok.code(ok.limit().get());
    }
    var text = "A part of the messages was handled.";
    context.reply().send(StatusResponse.of(Condition.NO, ok.limit().get(), text));
    return outcome;
  }
}
