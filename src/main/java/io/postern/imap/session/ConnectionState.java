package io.postern.imap.session;

import io.postern.auth.Client;
import io.postern.auth.Mechanisms;
import io.postern.wire.Connection;
import java.util.Set;
import java.util.TreeSet;

/**
 * The part of a session's state that outlives its protocol states.
 *
 * @param secure TLS is on
 * @param mayStartTls STARTTLS is allowed
 * @param offer the login methods offered
 * @param loggedIn a user has logged in
 * @param enabled the extensions that ENABLE switched on, in capitals (RFC 5161)
 */
public record ConnectionState(
    boolean secure,
    boolean mayStartTls,
    Mechanisms.Offer offer,
    boolean loggedIn,
    Set<String> enabled) {
  /** Before the connection was examined. */
  static final ConnectionState NONE =
      new ConnectionState(false, false, Mechanisms.Offer.NONE, false, Set.of());

  public ConnectionState {
    enabled = Set.copyOf(enabled);
  }

  /** The state updated from the connection and the present settings. */
  ConnectionState now(Connection connection, Mechanisms mechanisms) {
    return new ConnectionState(
        connection.secure(),
        connection.canStartTls(),
        mechanisms.offer(client(connection)),
        loggedIn,
        enabled);
  }

  /** The peer that asks to log in, as the connection is now. */
  static Client client(Connection connection) {
    return new Client(
        connection.id(),
        Client.Service.IMAP,
        String.valueOf(connection.remote().hostAddress()),
        connection.secure(),
        connection.tls());
  }

  /** A copy with these extensions switched on too. */
  public ConnectionState enable(Set<String> more) {
    var all = new TreeSet<>(enabled);
    all.addAll(more);
    return new ConnectionState(secure, mayStartTls, offer, loggedIn, all);
  }

  /** A copy for the time after login. */
  public ConnectionState afterLogin() {
    return new ConnectionState(secure, mayStartTls, offer, true, enabled);
  }
}
