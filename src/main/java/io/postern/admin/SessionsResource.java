package io.postern.admin;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.security.AccessDenial;
import io.postern.config.net.Networks;
import io.postern.model.MailProtocol;
import io.postern.wire.CloseReason;
import io.postern.wire.registry.SessionInfo;
import io.postern.wire.registry.SessionRegistry;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.security.RolesAllowed;
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
@Tag(name = "sessions", description = "Who is connected to the node that answers")
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
      @Parameter(description = "How many at most, 1 to 500; 100 when not given")
          @QueryParam(CursorPage.LIMIT)
          Optional<String> limit,
      @Parameter(description = "Only those behind this id") @QueryParam(CursorPage.AFTER)
          Optional<String> after) {
    var most = CursorPage.limit(limit);
    var found =
        sessions.list().stream()
            .filter(user.map(SessionsResource::ofUser).orElse(any -> true))
            .filter(protocol.map(SessionsResource::ofProtocol).orElse(any -> true))
            .filter(address.map(SessionsResource::ofNetwork).orElse(any -> true))
            .filter(open -> after.isEmpty() || open.id().compareTo(after.get()) > 0)
            .sorted(Comparator.comparing(SessionInfo::id))
            .limit(most + 1L)
            .map(this::session)
            .toList();
    return CursorPage.of(found, most, Session::id);
  }

  private static Predicate<SessionInfo> ofUser(String name) {
    var folded = name.toLowerCase(Locale.ROOT);
    return open -> open.user().filter(folded::equals).isPresent();
  }

  private static Predicate<SessionInfo> ofProtocol(String name) {
    var protocol =
        MailProtocol.of(name)
            .orElseThrow(() -> AccessDenial.parameter("protocol", name, "imap, pop3 or lmtp"));
    return open -> open.protocol() == protocol;
  }

  private static Predicate<SessionInfo> ofNetwork(String text) {
    try {
      var networks = Networks.parse(List.of(text));
      return open -> networks.contains(open.remote().hostAddress());
    } catch (IllegalArgumentException _) {
      throw AccessDenial.parameter("address", text, "an address, or a network in CIDR notation");
    }
  }

  private Session session(SessionInfo open) {
    return new Session(
        open.id(),
        open.protocol().label(),
        open.user(),
        place(open.remote()),
        place(open.local()),
        open.secure(),
        open.since(),
        node.value());
  }

  private static String place(SocketAddress address) {
    var host = address.hostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.port();
  }

  /** Ends a session of this node: its client gets a closing response between two commands. */
  @DELETE
  @Path("{id}")
  @RolesAllowed({ADMIN, SERVER_ADMIN})
  @Operation(
      summary = "End a session of this node",
      description = "The client is told BYE when the command that runs has ended")
  @APIResponse(responseCode = "204", description = "It ends")
  @APIResponse(responseCode = "404", description = "This node has no such session")
  public void end(@PathParam("id") String id) {
    if (!sessions.close(id, CloseReason.KICKED)) {
      throw AccessDenial.notFound("Node " + node.value() + " has no session \"" + id + "\"");
    }
  }
}
