package io.postern.admin;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.security.ProblemException;
import io.postern.store.maintenance.UidValidities;
import io.postern.store.maintenance.UidValidities.Renewal;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Renewals of the UIDVALIDITYs of all accounts. */
@Path("/admin/v1/uid-validity-renewals")
@Tag(
    name = "UIDVALIDITY renewals",
    description = "Renewals of all mailboxes, after a restore of an older database")
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
          "It begins within seconds, runs in batches, and continues after a restart. An account's"
              + " sessions end when it is renewed, on all nodes")
  @APIResponse(responseCode = "202", description = "Location is the URL of its progress")
  @APIResponse(responseCode = "409", description = "Another one has not finished")
  public Uni<Response> request() {
    return validities
        .renewAll()
        .map(
            renewal ->
                renewal
                    .map(UidValidityRenewalsResource::accepted)
                    .orElseThrow(
                        () ->
                            ProblemException.conflict(
                                "Another renewal of all accounts has not finished")));
  }

  private static Response accepted(Renewal renewal) {
    var location =
        UriBuilder.fromResource(UidValidityRenewalsResource.class)
            .segment(Long.toString(renewal.id()))
            .build();
    return Response.accepted(renewal).location(location).build();
  }

  /** Lists the renewals, ascending by id. */
  @GET
  @Operation(summary = "List the renewals of all accounts")
  public Uni<CursorPage<Renewal>> list(@BeanParam PageRequest request) {
    return validities
        .list(request.afterId(), request.toRead())
        .map(found -> request.page(found, renewal -> Long.toString(renewal.id())));
  }

  /** Returns one renewal. */
  @GET
  @Path("{id}")
  @Operation(summary = "Show the progress of a renewal of all accounts")
  @APIResponse(responseCode = "404", description = "There is no such renewal")
  public Uni<Renewal> get(@PathParam("id") String id) {
    return Uni.createFrom()
        .item(() -> PageRequest.number(id, "id", 1, Long.MAX_VALUE))
        .flatMap(validities::find)
        .map(
            found ->
                found.orElseThrow(
                    () -> ProblemException.notFound("There is no renewal \"" + id + "\"")));
  }
}
