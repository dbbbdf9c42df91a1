package io.postern.imap.session;

import io.postern.auth.Identity;
import io.smallrye.mutiny.Uni;

/**
 * A parsed command. The kinds are closed, by the states they run in; the verbs are open. What a
 * kind's method is given is the proof that the command may run.
 */
public sealed interface Command {
  /** Runs in any state (RFC 3501 §6.1). */
  non-sealed interface Anytime extends Command {
    Uni<Outcome> run(CommandContext context, State state);
  }

  /** Runs before login only (RFC 3501 §6.2). */
  non-sealed interface Unauthenticated extends Command {
    Uni<Outcome> run(CommandContext context, State.NotAuthenticated state);
  }

  /** Runs after login, with a mailbox selected or not (RFC 3501 §6.3). */
  non-sealed interface User extends Command {
    Uni<Outcome> run(CommandContext context, Identity identity);
  }

  /** Runs with a mailbox selected (RFC 3501 §6.4). */
  non-sealed interface Mailbox extends Command {
    Uni<Outcome> run(CommandContext context, State.Selected state);
  }
}
