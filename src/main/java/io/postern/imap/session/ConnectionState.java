package io.postern.imap.session;

import io.postern.auth.Client;
import io.postern.auth.Mechanisms;
import io.postern.wire.Connection;
import java.util.Set;
import java.util.TreeSet;

/**
 * What outlives a session's states.
 *
 * @param secure TLS is on
 * @param mayStartTls STARTTLS can be said
 * @param offer how one may log in here
 * @param loggedIn somebody has logged in
 * @param enabled the extensions that ENABLE switched on, in capitals (RFC 5161)
 */
public record ConnectionState(
    boolean secure,
    boolean mayStartTls,
    Mechanisms.Offer offer,
    boolean loggedIn,
    Set<String> enabled) {
  /** Before the connection was looked at. */
  static final ConnectionState NONE =
      new ConnectionState(false, false, Mechanisms.Offer.NONE, false, Set.of());

  public ConnectionState {
    enabled = Set.copyOf(enabled);
  }

  /** What the connection and the settings of now make of them. */
  ConnectionState now(Connection connection, Mechanisms mechanisms) {
    return new ConnectionState(
        connection.secure(),
        connection.canStartTls(),
        mechanisms.offer(client(connection)),
        loggedIn,
        enabled);
  }

  /** Who asks to log in, as the connection is now. */
  static Client client(Connection connection) {
    return new Client(
        connection.id(),
        Client.Service.IMAP,
        String.valueOf(connection.remote().hostAddress()),
        connection.secure(),
        connection.tls());
  }

  /** With these extensions switched on too. */
  public ConnectionState enable(Set<String> more) {
    var all = new TreeSet<>(enabled);
    all.addAll(more);
    return new ConnectionState(secure, mayStartTls, offer, loggedIn, all);
  }

  /** After login. */
  public ConnectionState afterLogin() {
    return new ConnectionState(secure, mayStartTls, offer, true, enabled);
  }
}
