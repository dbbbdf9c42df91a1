package io.postern.admin.account;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.CursorPage;
import io.postern.admin.PageRequest;
import io.postern.admin.security.ProblemException;
import io.postern.config.Live;
import io.postern.store.account.DeletedAccounts;
import io.postern.store.account.DeletedAccounts.Deleted;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Deleted accounts that are kept for {@code mail.retention.mailbox}. */
@Path("/admin/v1/deleted-accounts")
@Tag(name = "deleted accounts", description = "Accounts that were deleted and can be restored")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class DeletedAccountsResource {
  /**
   * A deleted account.
   *
   * @param name its login name, lower case; no other account can take it
   * @param deleted when it was deleted
   * @param keptUntil until when it can be restored, by the current retention
   * @param purging whether the removal of its mail has begun: it can no longer be restored
   */
  public record DeletedAccount(String name, Instant deleted, Instant keptUntil, boolean purging) {}

  private final DeletedAccounts accounts;
  private final Directory directory;
  private final Live live;

  DeletedAccountsResource(DeletedAccounts accounts, Directory directory, Live live) {
    this.accounts = accounts;
    this.directory = directory;
    this.live = live;
  }

  /** Lists the deleted accounts by name. */
  @GET
  @Operation(summary = "List the deleted accounts, in the order of their names")
  public Uni<CursorPage<DeletedAccount>> list(@BeanParam PageRequest request) {
    return accounts
        .page(request.afterName(), request.toRead())
        .map(found -> found.stream().map(this::view).toList())
        .map(found -> request.page(found, DeletedAccount::name));
  }

  /** Returns one deleted account. */
  @GET
  @Path("{name}")
  @Operation(summary = "Show a deleted account")
  @APIResponse(responseCode = "404", description = "There is no such deleted account")
  public Uni<DeletedAccount> get(@PathParam("name") String name) {
    return find(name).map(this::view);
  }

  private Uni<Deleted> find(String name) {
    return accounts.find(name).map(found -> found.orElseThrow(() -> unknown(name)));
  }

  private DeletedAccount view(Deleted account) {
    var until = account.deleted().plus(live.now().retention().mailbox());
    return new DeletedAccount(account.name(), account.deleted(), until, account.purging());
  }

  /** Restores a deleted account with all that it held. */
  @POST
  @Path("{name}/restore")
  @RolesAllowed(ADMIN)
  @Operation(
      summary = "Restore a deleted account",
      description = "With its mail, passwords, grants and rights")
  @APIResponse(responseCode = "200", description = "The account")
  @APIResponse(responseCode = "404", description = "There is no such deleted account")
  @APIResponse(responseCode = "409", description = "The removal of its mail has begun")
  public Uni<AccountView> restore(@PathParam("name") String name) {
    return find(name)
        .flatMap(account -> accounts.restore(account.name()))
        .invoke(
            restored -> {
              if (!restored) {
                throw ProblemException.conflict(
                    "The removal of the account \"" + name + "\" has begun: it cannot be restored");
              }
            })
        .chain(() -> directory.find(name))
        .map(AccountView::of);
  }

  private static ProblemException unknown(String name) {
    return ProblemException.notFound("There is no deleted account \"" + name + "\"");
  }
}
