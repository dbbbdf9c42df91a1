package io.postern.imap.session;

import io.postern.auth.Identity;
import java.util.Optional;

/** State of an IMAP session (RFC 3501 §3). */
public sealed interface State {
  /** The logged-in user, if there is one. */
  default Optional<Identity> who() {
    return switch (this) {
      case NotAuthenticated() -> Optional.empty();
      case Authenticated(var identity) -> Optional.of(identity);
      case Selected(var identity, _) -> Optional.of(identity);
      case LoggedOut() -> Optional.empty();
    };
  }

  /** No user is logged in. */
  record NotAuthenticated() implements State {}

  /** A user is logged in; no mailbox is selected. */
  record Authenticated(Identity identity) implements State {}

  /** A mailbox is selected; the view is what the client knows of it. */
  record Selected(Identity identity, View view) implements State {}

  /** The session is over; no more commands are read. */
  record LoggedOut() implements State {}
}
