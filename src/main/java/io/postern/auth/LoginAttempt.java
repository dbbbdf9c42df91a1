package io.postern.auth;

import java.util.Optional;

/**
 * A login attempt.
 *
 * @param client the connection
 * @param mechanism a SASL mechanism's name, {@code LOGIN} (IMAP's command too) or {@code USER}
 * @param name the login name as given, in any form, unchecked
 * @param actAs the user whose mailboxes are requested, as given (RFC 4422 §3.4.1); empty for their
 *     own
 * @param subject the user under whom the attempt is counted: {@link LoginName.Meaning#subject} of
 *     the name; empty while {@link Login} has not parsed the name, and when the name names no user
 * @param began {@link System#nanoTime} when the attempt was created, before an account was read for
 *     it
 */
public record LoginAttempt(
    Client client,
    String mechanism,
    String name,
    Optional<String> actAs,
    Optional<String> subject,
    long began) {
  /** An attempt to open the user's own mailboxes, or those that the name itself gives. */
  public LoginAttempt(Client client, String mechanism, String name) {
    this(client, mechanism, name, Optional.empty());
  }

  /** An attempt whose name has not been parsed. */
  public LoginAttempt(Client client, String mechanism, String name, Optional<String> actAs) {
    this(client, mechanism, name, actAs, Optional.empty(), System.nanoTime());
  }

  /** The same attempt with the user's name, now known. */
  public LoginAttempt withName(String verifiedName, LoginName.Meaning meaning) {
    return new LoginAttempt(client, mechanism, verifiedName, actAs, meaning.subject(), began);
  }

  /** The same attempt, counted under this user; empty to count it under its network alone. */
  public LoginAttempt withSubject(Optional<String> user) {
    return new LoginAttempt(client, mechanism, name, actAs, user, began);
  }
}
