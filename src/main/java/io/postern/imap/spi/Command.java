package io.postern.imap.spi;

import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.smallrye.mutiny.Uni;
import java.util.Set;

/**
 * A parsed command. The kinds are sealed, by the states they run in; the commands of a kind are
 * open. The state that a kind's method gets proves that the command may run.
 */
public sealed interface Command {
  /** What giving the command enables as ENABLE does, in capitals (RFC 7162 §3.1). */
  default Set<String> enables() {
    return Set.of();
  }

  /** Whether sequence numbers in it forbid EXPUNGE and VANISHED, whatever its verb allows. */
  default boolean usesNumbers() {
    return false;
  }

  /** Runs in any state (RFC 3501 §6.1). */
  non-sealed interface Anytime extends Command {
    Uni<Outcome> run(CommandContext context, State state);
  }

  /** Runs only before login (RFC 3501 §6.2). */
  non-sealed interface Unauthenticated extends Command {
    Uni<Outcome> run(CommandContext context, State.NotAuthenticated state);
  }

  /** Runs after login, with a mailbox selected or not (RFC 3501 §6.3). */
  non-sealed interface User extends Command {
    Uni<Outcome> run(CommandContext context, State.LoggedIn state);
  }

  /** Runs with a mailbox selected (RFC 3501 §6.4). */
  non-sealed interface Mailbox extends Command {
    Uni<Outcome> run(CommandContext context, State.Selected state);
  }
}
