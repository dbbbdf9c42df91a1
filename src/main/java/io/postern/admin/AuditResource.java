package io.postern.admin;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.security.ProblemException;
import io.postern.store.maintenance.AuditTrail;
import io.postern.store.maintenance.AuditTrail.Filter;
import io.postern.store.maintenance.AuditTrail.Kept;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What administrators did. Exchange: Search-AdminAuditLog. */
@Path("/admin/v1/audit")
@Tag(name = "audit", description = "What administrators did")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class AuditResource {
  private static final String DATE = "a date and time with a zone, 2026-01-31T12:00:00Z";

  /**
   * A call of this API.
   *
   * @param id greater than those of calls before it
   * @param at when it was answered
   * @param actor who called
   * @param address from which
   * @param action the method and the resource
   * @param path of the call
   * @param account the name of the account that it was about; absent for other calls
   * @param status of the response
   */
  public record AuditRecord(
      long id,
      Instant at,
      String actor,
      String address,
      String action,
      String path,
      Optional<String> account,
      int status) {
    static AuditRecord of(Kept kept) {
      var call = kept.call();
      return new AuditRecord(
          kept.id(),
          call.at(),
          call.actor(),
          call.address(),
          call.action(),
          call.path(),
          call.account(),
          call.status());
    }
  }

  /**
   * Which calls are wanted.
   *
   * @param account the name of an account
   * @param actor who called
   * @param action how the action begins
   * @param from the first moment
   * @param to the moment before which they were
   */
  public record AuditQuery(
      @Parameter(description = "Only calls about this account") @QueryParam("account")
          Optional<String> account,
      @Parameter(description = "Only calls by this user") @QueryParam("actor")
          Optional<String> actor,
      @Parameter(description = "Only actions that begin so: DELETE, or PATCH accounts/{name}")
          @QueryParam("action")
          Optional<String> action,
      @Parameter(description = "Only calls from this moment on: " + DATE) @QueryParam("from")
          Optional<String> from,
      @Parameter(description = "Only calls before this moment") @QueryParam("to")
          Optional<String> to) {
    /**
     * The filter.
     *
     * @throws ProblemException 400 for text that is no date
     */
    Filter filter() {
      return new Filter(
          account.map(it -> it.toLowerCase(Locale.ROOT)),
          actor,
          action,
          from.map(it -> moment("from", it)),
          to.map(it -> moment("to", it)));
    }

    private static Instant moment(String field, String text) {
      try {
        return OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeException _) {
        throw ProblemException.parameter(field, text, DATE);
      }
    }
  }

  private final AuditTrail trail;

  AuditResource(AuditTrail trail) {
    this.trail = trail;
  }

  /** Lists calls, the newest first. */
  @GET
  @Operation(
      summary = "List what administrators did, the newest first",
      description =
          "Calls that changed something, were refused for want of a role, or read mail, on all"
              + " nodes. Kept for mail.retention.audit; the log mail.audit has logins, too")
  @APIResponse(responseCode = "200", description = "The calls; each is kept soon after its answer")
  @APIResponse(responseCode = "400", description = "A parameter is invalid")
  public Uni<CursorPage<AuditRecord>> list(
      @BeanParam AuditQuery query, @BeanParam PageRequest request) {
    long after = request.afterId();
    return trail
        .page(query.filter(), after == 0 ? Long.MAX_VALUE : after, request.toRead())
        .map(found -> found.stream().map(AuditRecord::of).toList())
        .map(found -> request.page(found, it -> Long.toString(it.id())));
  }
}
