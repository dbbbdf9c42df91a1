package io.postern.admin;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.security.AccessDenial;
import io.postern.auth.SessionRevocation;
import io.postern.model.Ids.AccountId;
import io.postern.store.account.Account;
import io.postern.store.account.Grants;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Delegates, who have full access to the mailboxes of another account. */
@Path("/admin/v1/accounts/{account}/grants")
@Tag(name = "grants", description = "Full access to the mailboxes of another (FullAccess)")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class GrantsResource {
  /**
   * A delegate.
   *
   * @param delegate the login name of the account that has full access
   */
  public record Grant(String delegate) {}

  private record Both(AccountId owner, AccountId delegate, String ownerName) {}

  private final Directory directory;
  private final Grants grants;
  private final SessionRevocation revocation;

  GrantsResource(Directory directory, Grants grants, SessionRevocation revocation) {
    this.directory = directory;
    this.grants = grants;
    this.revocation = revocation;
  }

  /** Lists the delegates of an account. */
  @GET
  @Operation(summary = "List who has full access to an account's mailboxes")
  @APIResponse(responseCode = "404", description = "There is no such account")
  public Uni<CursorPage<Grant>> list(@PathParam("account") String account) {
    return directory
        .id(account)
        .flatMap(grants::delegates)
        .map(found -> found.stream().map(Account::name).map(Grant::new).toList())
        .map(found -> new CursorPage<>(found, Optional.empty()));
  }

  /** Grants full access. */
  @PUT
  @Path("{delegate}")
  @RolesAllowed(ADMIN)
  @Operation(summary = "Give another account full access")
  @APIResponse(responseCode = "204", description = "It has full access")
  @APIResponse(responseCode = "404", description = "One of the accounts does not exist")
  @APIResponse(responseCode = "409", description = "Both are the same account")
  public Uni<Void> give(
      @PathParam("account") String account, @PathParam("delegate") String delegate) {
    return both(account, delegate)
        .flatMap(both -> grants.grant(both.owner(), both.delegate()))
        .replaceWithVoid();
  }

  /** Revokes full access. */
  @DELETE
  @Path("{delegate}")
  @RolesAllowed(ADMIN)
  @Operation(
      summary = "Take full access back",
      description = "All sessions with the account's mailboxes end, on all nodes, to be begun anew")
  @APIResponse(responseCode = "204", description = "It has no access")
  @APIResponse(responseCode = "404", description = "There is no such account or grant")
  public Uni<Void> take(
      @PathParam("account") String account, @PathParam("delegate") String delegate) {
    return both(account, delegate)
        .call(
            both ->
                grants
                    .revoke(both.owner(), both.delegate())
                    .invoke(changed -> require(changed, delegate)))
        .invoke(both -> revocation.kick(both.ownerName()))
        .replaceWithVoid();
  }

  private Uni<Both> both(String account, String delegate) {
    return directory
        .find(account)
        .flatMap(
            owner -> directory.id(delegate).map(other -> new Both(owner.id(), other, owner.name())))
        .invoke(GrantsResource::require);
  }

  private static void require(Both both) {
    if (both.owner().equals(both.delegate())) {
      throw AccessDenial.conflict("Everybody has full access to their own mailboxes");
    }
  }

  private static void require(boolean changed, String delegate) {
    if (!changed) {
      throw AccessDenial.notFound("\"" + delegate + "\" has no full access");
    }
  }
}
