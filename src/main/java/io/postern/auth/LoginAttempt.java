package io.postern.auth;

import java.util.Optional;

/**
 * One try to log in.
 *
 * @param client who asks
 * @param mechanism how: a SASL mechanism's name, {@code LOGIN} (IMAP's command too) or {@code USER}
 * @param name the login name as it was given, of any form; nothing of it is checked yet
 * @param actAs whose mailboxes are asked for, as it was given (RFC 4422 §3.4.1); empty for their
 *     own
 * @param subject the user under whom the attempt is counted: {@link LoginName.Meaning#subject} of
 *     the name; empty while {@link Login} has not read the name, and when the name names no user
 */
public record LoginAttempt(
    Client client,
    String mechanism,
    String name,
    Optional<String> actAs,
    Optional<String> subject) {
  /** A try to open one's own mailboxes, or those that the name itself says. */
  public LoginAttempt(Client client, String mechanism, String name) {
    this(client, mechanism, name, Optional.empty());
  }

  /** A try whose name has not been read. */
  public LoginAttempt(Client client, String mechanism, String name, Optional<String> actAs) {
    this(client, mechanism, name, actAs, Optional.empty());
  }

  /** The same attempt of a user whose name is known by now. */
  public LoginAttempt identified(String known, LoginName.Meaning meaning) {
    return new LoginAttempt(client, mechanism, known, actAs, meaning.subject());
  }

  /** The same attempt, counted under this user; empty to count it under its network alone. */
  public LoginAttempt of(Optional<String> user) {
    return new LoginAttempt(client, mechanism, name, actAs, user);
  }
}
