package io.postern.imap.session;

import io.postern.auth.Identity;
import java.util.Optional;

/** Where a session stands (RFC 3501 §3). */
public sealed interface State {
  /** Who has logged in, if somebody has. */
  default Optional<Identity> who() {
    return switch (this) {
      case NotAuthenticated() -> Optional.empty();
      case Authenticated(var identity) -> Optional.of(identity);
      case Selected(var identity, _) -> Optional.of(identity);
      case LoggedOut() -> Optional.empty();
    };
  }

  /** Nobody has logged in yet. */
  record NotAuthenticated() implements State {}

  /** Somebody has; no mailbox is selected. */
  record Authenticated(Identity identity) implements State {}

  /** A mailbox is selected, and this is the client's view of it. */
  record Selected(Identity identity, View view) implements State {}

  /** The session is over; nothing more is read. */
  record LoggedOut() implements State {}
}
