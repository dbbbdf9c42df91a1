package io.postern.admin.account;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.CursorPage;
import io.postern.admin.security.ProblemException;
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
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Delegates, who have full access to the mailboxes of another account. */
@Path("/admin/v1/accounts/{account}/grants")
@Tag(
    name = "grants",
    description = "Full access to the mailboxes of another account. Exchange: FullAccess")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class GrantsResource {
  /**
   * A delegate.
   *
   * @param delegate the login name of the account that has full access
   */
  public record Grant(String delegate) {}

  private record OwnerAndDelegate(AccountId owner, AccountId delegate, String ownerName) {}

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
  @Operation(summary = "List the accounts that have full access to an account's mailboxes")
  @APIResponse(responseCode = "404", description = "There is no such account")
  public Uni<CursorPage<Grant>> list(@PathParam("account") String account) {
    return directory
        .id(account)
        .flatMap(
            id ->
                Uni.combine()
                    .all()
                    .unis(grants.delegates(id), grants.delegatesElsewhere(id))
                    .asTuple())
        .map(
            both ->
                Stream.concat(both.getItem1().stream().map(Account::name), both.getItem2().stream())
                    .sorted()
                    .map(Grant::new)
                    .toList())
        .map(found -> CursorPage.all(found));
  }

  /** Grants full access. */
  @PUT
  @Path("{delegate}")
  @RolesAllowed(ADMIN)
  @Operation(summary = "Grant full access to another account")
  @APIResponse(responseCode = "204", description = "It has full access now")
  @APIResponse(responseCode = "404", description = "One of the accounts does not exist")
  @APIResponse(responseCode = "409", description = "Both are the same account")
  public Uni<Void> grant(
      @PathParam("account") String account, @PathParam("delegate") String delegate) {
    return resolve(account, delegate)
        .flatMap(both -> grants.grant(both.owner(), both.delegate()))
        .replaceWithVoid();
  }

  /** Revokes full access. */
  @DELETE
  @Path("{delegate}")
  @RolesAllowed(ADMIN)
  @Operation(
      summary = "Revoke full access",
      description = "All sessions that opened the account's mailboxes end, on all nodes")
  @APIResponse(responseCode = "204", description = "It has no access now")
  @APIResponse(responseCode = "404", description = "There is no such account or grant")
  public Uni<Void> revoke(
      @PathParam("account") String account, @PathParam("delegate") String delegate) {
    return revokedElsewhere(account, delegate)
        .chain(
            done ->
                done.isPresent()
                    ? Uni.createFrom().item(done.get())
                    : resolve(account, delegate)
                        .call(
                            both ->
                                grants
                                    .revoke(both.owner(), both.delegate())
                                    .invoke(changed -> require(changed, delegate)))
                        .map(OwnerAndDelegate::ownerName))
        .invoke(revocation::revoke)
        .replaceWithVoid();
  }

  /** The owner's name if the delegate was one whose mailboxes are at another site. */
  private Uni<Optional<String>> revokedElsewhere(String account, String delegate) {
    return directory
        .find(account)
        .chain(
            owner ->
                grants
                    .revokeElsewhere(owner.id(), delegate.toLowerCase(Locale.ROOT))
                    .map(done -> Optional.of(owner.name()).filter(_ -> done)));
  }

  private Uni<OwnerAndDelegate> resolve(String account, String delegate) {
    return directory
        .find(account)
        .flatMap(
            owner ->
                directory
                    .id(delegate)
                    .map(other -> new OwnerAndDelegate(owner.id(), other, owner.name())))
        .invoke(GrantsResource::require);
  }

  private static void require(OwnerAndDelegate accounts) {
    if (accounts.owner().equals(accounts.delegate())) {
      throw ProblemException.conflict("An account always has full access to its own mailboxes");
    }
  }

  private static void require(boolean changed, String delegate) {
    if (!changed) {
      throw ProblemException.notFound("\"" + delegate + "\" has no full access");
    }
  }
}
