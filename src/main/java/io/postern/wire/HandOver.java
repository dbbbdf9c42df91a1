package io.postern.wire;

import io.postern.model.Home;
import io.vertx.core.net.SocketAddress;
import java.util.Optional;

/**
 * What the front end of another site sends about the client whose connection it passes on.
 *
 * @param session the identifier of the client's session in the logs of the front end
 * @param remote the client's address
 * @param local the address that the client connected to
 * @param secure whether the client's connection is encrypted
 * @param user the login name of the authenticated user, when not the one whose mailboxes are opened
 * @param home the home by which the front end has chosen this site
 * @param program the name that the client's program has given itself
 */
public record HandOver(
    String session,
    SocketAddress remote,
    SocketAddress local,
    boolean secure,
    Optional<String> user,
    Optional<Home> home,
    Optional<String> program) {}
