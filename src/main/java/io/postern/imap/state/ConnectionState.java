package io.postern.imap.state;

import io.postern.auth.Client;
import io.postern.auth.Mechanisms;
import io.postern.imap.response.EnabledExtensions;
import io.postern.model.Home;
import io.postern.model.MailProtocol;
import io.postern.wire.Connection;
import io.postern.wire.HandOver;
import io.postern.wire.SiteLink;
import java.util.Optional;
import java.util.Set;

/**
 * The part of a session's state that outlives its protocol states.
 *
 * @param secure TLS is on
 * @param mayStartTls STARTTLS is allowed
 * @param offer the login methods offered, as they were before login
 * @param loggedIn a user has logged in
 * @param enabled what ENABLE switched on (RFC 5161)
 * @param passedOn the front end of another site passes on the connection of its client
 * @param updatesBetweenCommands whether updates are sent also while no command runs (RFC 5465)
 * @param client the name that the client gave itself by ID (RFC 2971); empty for none
 */
public record ConnectionState(
    boolean secure,
    boolean mayStartTls,
    Mechanisms.Offer offer,
    boolean loggedIn,
    EnabledExtensions enabled,
    boolean passedOn,
    boolean updatesBetweenCommands,
    String client) {
  /** Before the connection was examined. */
  public static final ConnectionState NONE =
      new ConnectionState(
          false, false, Mechanisms.Offer.NONE, false, EnabledExtensions.NONE, false, false, "");

  /** The state updated from the connection and the present settings. */
  public ConnectionState now(Connection connection, Mechanisms mechanisms) {
    // After login nothing is offered any more, and TLS does not start.
    return loggedIn && secure == connection.secure()
        ? this
        : new ConnectionState(
            connection.secure(),
            connection.canStartTls(),
            mechanisms.offer(client(connection)),
            loggedIn,
            enabled,
            connection.sites().front().isPresent(),
            updatesBetweenCommands,
            client);
  }

  /** The peer that asks to log in, as the connection is now. */
  public static Client client(Connection connection) {
    return new Client(
        connection.id(),
        MailProtocol.IMAP,
        String.valueOf(connection.remote().hostAddress()),
        connection.secure(),
        connection.tls(),
        front(connection.sites()));
  }

  private static Optional<Client.Front> front(SiteLink sites) {
    return sites
        .front()
        .map(site -> new Client.Front(site, sites.handOver().map(ConnectionState::handOver)));
  }

  private static Client.HandOver handOver(HandOver handOver) {
    return new Client.HandOver(handOver.user(), handOver.home().map(Home::epoch).orElse(0L));
  }

  /** A copy with these extensions switched on too. */
  public ConnectionState enable(Set<String> more) {
    return more.isEmpty()
        ? this
        : new ConnectionState(
            secure,
            mayStartTls,
            offer,
            loggedIn,
            enabled.with(more),
            passedOn,
            updatesBetweenCommands,
            client);
  }

  /** A copy that sends updates between commands, or does not. */
  public ConnectionState updatesBetweenCommands(boolean sent) {
    return new ConnectionState(
        secure, mayStartTls, offer, loggedIn, enabled, passedOn, sent, client);
  }

  /** A copy with the name that the client gives itself. */
  public ConnectionState client(String name) {
    return new ConnectionState(
        secure, mayStartTls, offer, loggedIn, enabled, passedOn, updatesBetweenCommands, name);
  }

  /** A copy for the time after login. */
  public ConnectionState afterLogin() {
    return new ConnectionState(
        secure, mayStartTls, offer, true, enabled, passedOn, updatesBetweenCommands, client);
  }

  /** A copy for the time after the user has left without closing the connection (RFC 8437). */
  public ConnectionState afterUnauthenticate() {
    return new ConnectionState(
        secure, mayStartTls, offer, false, EnabledExtensions.NONE, passedOn, false, client);
  }
}
