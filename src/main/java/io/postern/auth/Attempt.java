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
 */
public record Attempt(Client client, String mechanism, String name, Optional<String> actAs) {
  /** A try to open one's own mailboxes, or those that the name itself says. */
  public Attempt(Client client, String mechanism, String name) {
    this(client, mechanism, name, Optional.empty());
  }

  /** The same of somebody whose name is known by now. */
  public Attempt by(String known) {
    return new Attempt(client, mechanism, known, actAs);
  }
}
