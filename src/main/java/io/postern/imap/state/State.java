package io.postern.imap.state;

import io.postern.auth.Identity;
import io.postern.imap.selected.View;

/** State of an IMAP session (RFC 3501 §3). */
public sealed interface State {
  /** No user is logged in. */
  record NotAuthenticated() implements State {}

  /** A user is logged in, with a mailbox selected or not. */
  sealed interface LoggedIn extends State {
    Identity identity();
  }

  /** A user is logged in; no mailbox is selected. */
  record Authenticated(Identity identity) implements LoggedIn {}

  /** A mailbox is selected; the view is what the client knows of it. */
  record Selected(Identity identity, View view) implements LoggedIn {}

  /** The session is over; no more commands are read. */
  record LoggedOut() implements State {}
}
