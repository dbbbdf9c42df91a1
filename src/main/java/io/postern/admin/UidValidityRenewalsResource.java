package io.postern.admin;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.security.AccessDenial;
import io.postern.store.UidValidities;
import io.postern.store.UidValidities.Renewal;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Renewals of the UIDVALIDITYs of all accounts. */
@Path("/admin/v1/uid-validity-renewals")
@Tag(
    name = "UIDVALIDITY renewals",
    description = "Renewals of all mailboxes, after the database went back in time")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class UidValidityRenewalsResource {
  private final UidValidities validities;

  UidValidityRenewalsResource(UidValidities validities) {
    this.validities = validities;
  }

  /** Requests a renewal. */
  @POST
  @RolesAllowed(ADMIN)
  @Operation(
      summary = "Renew the UIDVALIDITY of all mailboxes of all accounts",
      description =
          "It begins within seconds, in batches, and goes on after a restart. The sessions of an"
              + " account end when it was renewed, on all nodes")
  @APIResponse(responseCode = "202", description = "Location says where its progress is shown")
  @APIResponse(responseCode = "409", description = "One is not finished yet")
  public Uni<Response> request() {
    return validities
        .renewAll()
        .map(
            made ->
                made.map(UidValidityRenewalsResource::accepted)
                    .orElseThrow(
                        () ->
                            AccessDenial.conflict(
                                "A renewal of all accounts is not finished yet")));
  }

  private static Response accepted(Renewal renewal) {
    var place =
        UriBuilder.fromResource(UidValidityRenewalsResource.class)
            .segment(Long.toString(renewal.id()))
            .build();
    return Response.accepted(renewal).location(place).build();
  }

  /** Lists the renewals, ascending by id. */
  @GET
  @Operation(summary = "List the renewals of all accounts")
  public Uni<CursorPage<Renewal>> list(
      @Parameter(description = "How many at most, 1 to 500; 100 when not given")
          @QueryParam(CursorPage.LIMIT)
          Optional<String> limit,
      @Parameter(description = "Only those behind this id") @QueryParam(CursorPage.AFTER)
          Optional<String> after) {
    int most = CursorPage.limit(limit);
    long first =
        after.map(it -> CursorPage.number(it, CursorPage.AFTER, 0, Long.MAX_VALUE)).orElse(0L);
    return validities
        .list(first, most + 1)
        .map(found -> CursorPage.of(found, most, renewal -> Long.toString(renewal.id())));
  }

  /** Returns one renewal. */
  @GET
  @Path("{id}")
  @Operation(summary = "Show the progress of a renewal of all accounts")
  @APIResponse(responseCode = "404", description = "There is no such renewal")
  public Uni<Renewal> get(@PathParam("id") String id) {
    return Uni.createFrom()
        .item(() -> CursorPage.number(id, "id", 1, Long.MAX_VALUE))
        .flatMap(validities::find)
        .map(
            found ->
                found.orElseThrow(
                    () -> AccessDenial.notFound("There is no renewal \"" + id + "\"")));
  }
}
