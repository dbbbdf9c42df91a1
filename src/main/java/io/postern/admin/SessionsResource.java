package io.postern.admin;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.security.ProblemException;
import io.postern.config.net.Networks;
import io.postern.model.MailProtocol;
import io.postern.wire.CloseReason;
import io.postern.wire.registry.SessionInfo;
import io.postern.wire.registry.SessionRegistry;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The open sessions of this node. */
@Path("/admin/v1/sessions")
@NonBlocking
@Tag(name = "sessions", description = "Sessions of the node that answers")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class SessionsResource {
  /**
   * An open session.
   *
   * @param id its id, as in logs; 16 hexadecimal digits
   * @param protocol the mail protocol
   * @param user the login name; absent before login
   * @param remote the client's address and port
   * @param local the local address and port
   * @param secure whether TLS is in use
   * @param since when the client connected
   * @param node the node that serves it
   */
  public record Session(
      String id,
      String protocol,
      Optional<String> user,
      String remote,
      String local,
      boolean secure,
      Instant since,
      String node) {}

  private final SessionRegistry sessions;
  private final NodeName node;

  SessionsResource(SessionRegistry sessions, NodeName node) {
    this.sessions = sessions;
    this.node = node;
  }

  /** Lists the sessions that match all given filters, ascending by id. */
  @GET
  @Operation(
      summary = "List the sessions of this node",
      description = "Sessions of other replicas are listed by those; each row names its node")
  public CursorPage<Session> list(
      @Parameter(description = "Only of this login name") @QueryParam("user") Optional<String> user,
      @Parameter(description = "Only of imap, pop3 or lmtp") @QueryParam("protocol")
          Optional<String> protocol,
      @Parameter(description = "Only from this address, or network in CIDR notation")
          @QueryParam("address")
          Optional<String> address,
      @BeanParam PageRequest request) {
    var found =
        sessions.list().stream()
            .filter(user.map(SessionsResource::ofUser).orElse(any -> true))
            .filter(protocol.map(SessionsResource::ofProtocol).orElse(any -> true))
            .filter(address.map(SessionsResource::ofNetwork).orElse(any -> true))
            .filter(open -> open.id().compareTo(request.afterName()) > 0)
            .sorted(Comparator.comparing(SessionInfo::id))
            .limit(request.toRead())
            .map(this::session)
            .toList();
    return request.page(found, Session::id);
  }

  private static Predicate<SessionInfo> ofUser(String name) {
    var folded = name.toLowerCase(Locale.ROOT);
    return open -> open.user().filter(folded::equals).isPresent();
  }

  private static Predicate<SessionInfo> ofProtocol(String name) {
    var protocol =
        MailProtocol.of(name)
            .orElseThrow(() -> ProblemException.parameter("protocol", name, "imap, pop3 or lmtp"));
    return open -> open.protocol() == protocol;
  }

  private static Predicate<SessionInfo> ofNetwork(String text) {
    try {
      var networks = Networks.parse(List.of(text));
      return open -> networks.contains(open.remote().hostAddress());
    } catch (IllegalArgumentException _) {
      throw ProblemException.parameter(
          "address", text, "an address, or a network in CIDR notation");
    }
  }

  private Session session(SessionInfo open) {
    return new Session(
        open.id(),
        open.protocol().label(),
        open.user(),
        endpoint(open.remote()),
        endpoint(open.local()),
        open.secure(),
        open.since(),
        node.value());
  }

  private static String endpoint(SocketAddress address) {
    var host = address.hostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.port();
  }

  /** Ends a session of this node: its client gets a closing response between two commands. */
  @DELETE
  @Path("{id}")
  @RolesAllowed({ADMIN, SERVER_ADMIN})
  @Operation(
      summary = "End a session of this node",
      description = "The client receives BYE when the running command has ended")
  @APIResponse(responseCode = "204", description = "It is asked to end")
  @APIResponse(responseCode = "404", description = "This node has no such session")
  public void end(@PathParam("id") String id) {
    if (!sessions.close(id, CloseReason.REVOKED)) {
      throw ProblemException.notFound("Node " + node.value() + " has no session \"" + id + "\"");
    }
  }
}
