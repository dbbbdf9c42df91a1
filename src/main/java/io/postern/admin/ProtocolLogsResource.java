package io.postern.admin;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.security.ProblemException;
import io.postern.admin.security.ValidationErrors;
import io.postern.config.component.ProtocolLogRequests;
import io.postern.config.component.ProtocolLogRequests.Request;
import io.postern.config.net.Networks;
import io.postern.model.MailProtocol;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Requests to log the commands of one account or one network for a time. */
@Path("/admin/v1/protocol-logs")
@NonBlocking
@Tag(name = "protocol logs", description = "The log of one account or one network, for a time")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class ProtocolLogsResource {
  /**
   * A request that has not ended.
   *
   * @param id 16 hexadecimal digits
   * @param protocol imap or pop3; absent for both
   * @param user the login name; absent for any
   * @param network the address or network; absent for any
   * @param until when it ends
   */
  public record ProtocolLogRequest(
      String id,
      Optional<String> protocol,
      Optional<String> user,
      Optional<String> network,
      Instant until) {
    static ProtocolLogRequest of(Request request) {
      return new ProtocolLogRequest(
          request.id(),
          request.protocol().map(MailProtocol::label),
          request.user(),
          request.network(),
          request.until());
    }
  }

  /**
   * A new request.
   *
   * @param protocol imap or pop3; both when absent
   * @param user a login name; one of user and network is required
   * @param network an address, or a network in CIDR notation
   * @param minutes how long, 1 to 1,440
   */
  public record NewProtocolLog(
      @Schema(enumeration = {"imap", "pop3"}) @Nullable String protocol,
      @Schema(description = "A login name; one of user and network is required")
          @Nullable String user,
      @Schema(description = "An address, or a network in CIDR notation") @Nullable String network,
      @Schema(description = "How long, 1 to 1440", required = true) @Nullable Integer minutes) {
    static final NewProtocolLog NONE = new NewProtocolLog(null, null, null, null);
  }

  private static final int MAX_MINUTES = 1_440;
  private static final int MAX_NAME = 320;

  private final ProtocolLogRequests requests;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  ProtocolLogsResource(ProtocolLogRequests requests, InstantSource clock) {
    this.requests = requests;
    this.clock = clock;
  }

  /** Lists the requests that have not ended. */
  @GET
  @Operation(summary = "List the accounts and networks whose commands are logged for a time")
  public CursorPage<ProtocolLogRequest> list(@BeanParam PageRequest page) {
    var found =
        requests.all().stream()
            .filter(it -> it.id().compareTo(page.afterName()) > 0)
            .limit(page.toRead())
            .map(ProtocolLogRequest::of)
            .toList();
    return page.page(found, ProtocolLogRequest::id);
  }

  /** Begins to log. */
  @POST
  @RolesAllowed({ADMIN, SERVER_ADMIN})
  @Operation(
      summary = "Log the commands of one account or one network for a time",
      description =
          "On all nodes, whatever mail.imap.protocol-log-enabled and mail.pop3.protocol-log-enabled"
              + " say; open sessions, too. Passwords, tokens and messages are never logged")
  @APIResponse(responseCode = "201", description = "The request; Location is its URL")
  @APIResponse(responseCode = "409", description = "There are 100 requests already")
  @APIResponse(responseCode = "422", description = "A value is invalid")
  public Response add(@Nullable NewProtocolLog body) {
    var given = Objects.requireNonNullElse(body, NewProtocolLog.NONE);
    validate(given);
    var request =
        new Request(
            HexFormat.of().toHexDigits(random.nextLong()),
            Optional.ofNullable(given.protocol()).flatMap(MailProtocol::of),
            Optional.ofNullable(given.user()).map(it -> it.toLowerCase(Locale.ROOT)),
            Optional.ofNullable(given.network()),
            clock.instant().plus(Duration.ofMinutes(Objects.requireNonNull(given.minutes()))));
    if (!requests.add(request)) {
      throw ProblemException.conflict(
          "There are " + ProtocolLogRequests.MAX_REQUESTS + " requests already: end one of them");
    }
    var location = UriBuilder.fromResource(ProtocolLogsResource.class).segment(request.id());
    return Response.created(location.build()).entity(ProtocolLogRequest.of(request)).build();
  }

  private static void validate(NewProtocolLog given) {
    var errors = new ValidationErrors();
    if (given.protocol() != null && !List.of("imap", "pop3").contains(given.protocol())) {
      errors.add("protocol", given.protocol(), "imap or pop3");
    }
    if (given.user() == null && given.network() == null) {
      errors.add("user", "", "a login name, or a network in its place");
    }
    if (given.user() != null && (given.user().isEmpty() || given.user().length() > MAX_NAME)) {
      errors.add("user", given.user(), "a login name of 1 to " + MAX_NAME + " characters");
    }
    if (given.network() != null && !isNetwork(given.network())) {
      errors.add("network", given.network(), "an address, or a network in CIDR notation");
    }
    if (given.minutes() == null || given.minutes() < 1 || given.minutes() > MAX_MINUTES) {
      errors.add("minutes", Objects.toString(given.minutes(), ""), "1 to " + MAX_MINUTES);
    }
    errors.throwIfAny();
  }

  private static boolean isNetwork(String text) {
    try {
      Networks.parse(List.of(text));
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** Ends a request. */
  @DELETE
  @Path("{id}")
  @RolesAllowed({ADMIN, SERVER_ADMIN})
  @Operation(summary = "End the log of an account or a network, on all nodes")
  @APIResponse(responseCode = "204", description = "It has ended")
  @APIResponse(responseCode = "404", description = "There is no such request, or it has ended")
  public void remove(@PathParam("id") String id) {
    if (!requests.remove(id)) {
      throw ProblemException.notFound("There is no protocol log \"" + id + "\"");
    }
  }
}
