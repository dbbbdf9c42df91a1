package io.postern.admin.account;

import static io.postern.admin.security.Roles.ADMIN;

import io.postern.auth.SessionRevocation;
import io.postern.store.maintenance.UidValidities;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Renews the UIDVALIDITYs of one account. */
@Path("/admin/v1/accounts/{name}/uid-validity")
@Tag(name = "accounts")
@RolesAllowed(ADMIN)
public class UidValidityResource {
  /**
   * The result of a renewal.
   *
   * @param mailboxes how many mailboxes have a new UIDVALIDITY
   */
  public record Renewed(int mailboxes) {}

  private final Directory directory;
  private final UidValidities validities;
  private final SessionRevocation revocation;

  UidValidityResource(Directory directory, UidValidities validities, SessionRevocation revocation) {
    this.directory = directory;
    this.validities = validities;
    this.revocation = revocation;
  }

  /** Renews the UIDVALIDITYs of all mailboxes of the account. */
  @POST
  @Operation(
      summary = "Renew the UIDVALIDITY of all mailboxes of an account",
      description =
          "After a restore of an older database: clients discard all UIDs and read their mailboxes"
              + " again. The account's sessions end, on all nodes")
  @APIResponse(responseCode = "200", description = "How many mailboxes were renewed")
  @APIResponse(responseCode = "404", description = "There is no such account")
  public Uni<Renewed> renew(@PathParam("name") String name) {
    return directory
        .find(name)
        .flatMap(
            account ->
                validities
                    .renew(account.id())
                    .invoke(() -> revocation.revoke(account.name()))
                    .map(Renewed::new));
  }
}
