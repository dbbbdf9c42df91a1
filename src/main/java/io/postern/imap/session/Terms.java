package io.postern.imap.session;

import io.postern.config.PlainText;
import io.postern.wire.Connection;
import io.vertx.core.net.SocketAddress;
import java.util.Set;
import java.util.TreeSet;

/**
 * What outlives a session's states.
 *
 * @param secure TLS is on
 * @param mayStartTls STARTTLS can be said
 * @param mayGivePassword LOGIN and AUTHENTICATE are taken here (RFC 3501 §6.2.3: else
 *     LOGINDISABLED)
 * @param loggedIn somebody has logged in
 * @param enabled the extensions that ENABLE switched on, in capitals (RFC 5161)
 */
public record Terms(
    boolean secure,
    boolean mayStartTls,
    boolean mayGivePassword,
    boolean loggedIn,
    Set<String> enabled) {
  /** Before the connection was looked at. */
  static final Terms NONE = new Terms(false, false, false, false, Set.of());

  public Terms {
    enabled = Set.copyOf(enabled);
  }

  /** What the connection and the settings of now make of them. */
  Terms now(Connection connection, PlainText allowed) {
    boolean secure = connection.secure();
    boolean password =
        secure
            || switch (allowed) {
              case NEVER -> false;
              case LOOPBACK -> isLoopback(connection.remote());
              case ALWAYS -> true;
            };
    return new Terms(secure, connection.canStartTls(), password, loggedIn, enabled);
  }

  private static boolean isLoopback(SocketAddress client) {
    var host = client.hostAddress();
    return host != null
        && (host.startsWith("127.")
            || host.equals("::1")
            || host.startsWith("0:0:0:0:0:0:0:1")
            || host.startsWith("::ffff:127."));
  }

  /** With these extensions switched on too. */
  public Terms enable(Set<String> more) {
    var all = new TreeSet<>(enabled);
    all.addAll(more);
    return new Terms(secure, mayStartTls, mayGivePassword, loggedIn, all);
  }

  /** After login. */
  public Terms afterLogin() {
    return new Terms(secure, mayStartTls, mayGivePassword, true, enabled);
  }
}
