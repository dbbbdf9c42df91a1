package io.postern.admin.account;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.CursorPage;
import io.postern.admin.IfMatch;
import io.postern.admin.PageRequest;
import io.postern.admin.security.ValidationErrors;
import io.postern.auth.SessionRevocation;
import io.postern.auth.password.Passwords;
import io.postern.store.account.Account;
import io.postern.store.account.AccountName;
import io.postern.store.account.AccountSettings;
import io.postern.store.account.Accounts;
import io.postern.store.account.DeletedAccounts;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The accounts resource: creates, lists, changes and deletes accounts. */
@Path("/admin/v1/accounts")
@Tag(name = "accounts", description = "Accounts and what they may do")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class AccountsResource {
  private static final int SHORTEST = 8;
  private static final int LONGEST = 256;

  /**
   * An account to create.
   *
   * @param name its login name, an address; stored in lower case
   * @param password its password, 8 to 256 characters
   * @param plan the name of its mailbox plan; the default one, if there is one, when absent
   */
  public record NewAccount(
      @Schema(required = true, examples = "user@example.test") @Nullable String name,
      @Schema(required = true, implementation = String.class, minLength = 8, maxLength = 256)
          @Nullable Secret password,
      @Schema(description = "Its mailbox plan; absent: the default one, if there is one")
          @Nullable String plan) {}

  /**
   * A new password.
   *
   * @param password 8 to 256 characters
   */
  public record NewPassword(
      @Schema(required = true, implementation = String.class, minLength = 8, maxLength = 256)
          @Nullable Secret password) {}

  private final Accounts accounts;
  private final Directory directory;
  private final Passwords passwords;
  private final SessionRevocation revocation;
  private final DeletedAccounts deleted;

  AccountsResource(
      Accounts accounts,
      DeletedAccounts deleted,
      Directory directory,
      Passwords passwords,
      SessionRevocation revocation) {
    this.accounts = accounts;
    this.deleted = deleted;
    this.directory = directory;
    this.passwords = passwords;
    this.revocation = revocation;
  }

  /** Lists the accounts by name. */
  @GET
  @Operation(summary = "List the accounts, in the order of their names")
  public Uni<CursorPage<AccountView>> list(@BeanParam PageRequest request) {
    return accounts
        .page(request.afterName(), request.toRead())
        .map(found -> found.stream().map(AccountView::of).toList())
        .map(found -> request.page(found, AccountView::name));
  }

  /** Returns one account. */
  @GET
  @Path("{name}")
  @Operation(summary = "Show an account")
  @APIResponse(
      responseCode = "200",
      description = "The account; send its ETag as If-Match to change it only if it is unchanged")
  @APIResponse(responseCode = "404", description = "There is no such account")
  public Uni<AccountView> get(@PathParam("name") String name) {
    return directory.find(name).map(AccountView::of);
  }

  /** Creates an account with INBOX and the default folders. */
  @POST
  @RolesAllowed(ADMIN)
  @Operation(
      summary = "Create an account",
      description = "It gets INBOX, Drafts, Sent, Junk, Trash and Archive")
  @APIResponse(responseCode = "201", description = "The account; Location is its URL")
  @APIResponse(
      responseCode = "409",
      description = "An account of that name exists, or is deleted and kept")
  @APIResponse(
      responseCode = "422",
      description = "The name or the password is invalid, or there is no such plan")
  public Uni<Response> create(@Nullable NewAccount body) {
    var name = body == null ? "" : Objects.requireNonNullElse(body.name(), "");
    var password = body == null ? null : body.password();
    new ValidationErrors()
        .text("name", name, AccountName::isValid, AccountName.FORM)
        .secret("password", password, SHORTEST, LONGEST)
        .throwIfAny();
    var plan = Optional.ofNullable(body).map(NewAccount::plan).filter(it -> !it.isEmpty());
    return passwords
        .verifiers(Objects.requireNonNull(password))
        .flatMap(verifiers -> accounts.create(name, verifiers, plan))
        .chain(() -> directory.find(name))
        .map(account -> created(AccountView.of(account)));
  }

  private static Response created(AccountView account) {
    var location = UriBuilder.fromResource(AccountsResource.class).segment(account.name()).build();
    return Response.created(location).entity(account).build();
  }

  /** Changes what the account may do. */
  @PATCH
  @Path("{name}")
  @RolesAllowed(ADMIN)
  @Operation(
      summary = "Change what an account may do",
      description =
          "An absent field stays unchanged. Sessions that are no longer permitted end at once, on"
              + " all nodes")
  @APIResponse(responseCode = "200", description = "The changed account")
  @APIResponse(responseCode = "404", description = "There is no such account")
  @APIResponse(responseCode = "412", description = "If-Match names another version")
  @APIResponse(responseCode = "422", description = "A value is invalid, or there is no such plan")
  public Uni<AccountView> change(
      @PathParam("name") String name,
      @Parameter(description = "Change it only while it has this ETag") @HeaderParam("If-Match")
          Optional<String> match,
      @Nullable AccountChange body) {
    var change = Objects.requireNonNullElse(body, AccountChange.NONE);
    var errors = new ValidationErrors();
    change.validate(errors);
    errors.throwIfAny();
    return directory
        .id(name)
        .flatMap(id -> accounts.change(id, settings -> changed(match, settings, change)))
        .map(found -> found.orElseThrow(() -> Directory.unknown(name)))
        .invoke(account -> revocation.accountChanged(account.name()))
        .map(AccountView::of);
  }

  private static AccountSettings changed(
      Optional<String> match, AccountSettings settings, AccountChange change) {
    IfMatch.require(match, AccountView.tag(settings));
    return change.applyTo(settings);
  }

  /** Deletes an account. */
  @DELETE
  @Path("{name}")
  @RolesAllowed(ADMIN)
  @Operation(
      summary = "Delete an account",
      description =
          "Its sessions end at once, on all nodes, and it accepts no logins and no mail. It can be"
              + " restored (deleted-accounts) for mail.retention.mailbox; then its mail is removed")
  @APIResponse(responseCode = "204", description = "The account is deleted")
  @APIResponse(responseCode = "404", description = "There is no such account")
  @APIResponse(responseCode = "412", description = "If-Match names another version")
  public Uni<Void> delete(
      @PathParam("name") String name,
      @Parameter(description = "Change it only while it has this ETag") @HeaderParam("If-Match")
          Optional<String> match) {
    return directory
        .id(name)
        .flatMap(
            id -> deleted.delete(id, settings -> IfMatch.require(match, AccountView.tag(settings))))
        .map(found -> found.orElseThrow(() -> Directory.unknown(name)))
        .invoke(account -> revocation.accountDeleted(account.name(), account.id()))
        .replaceWithVoid();
  }

  /** Sets a new password. */
  @PUT
  @Path("{name}/password")
  @RolesAllowed(ADMIN)
  @Operation(
      summary = "Set the password of an account",
      description = "Its sessions end, on all nodes; app passwords are kept")
  @APIResponse(responseCode = "204", description = "The password is set")
  @APIResponse(responseCode = "404", description = "There is no such account")
  @APIResponse(responseCode = "422", description = "The password is invalid")
  public Uni<Void> password(@PathParam("name") String name, @Nullable NewPassword body) {
    var password = body == null ? null : body.password();
    new ValidationErrors().secret("password", password, SHORTEST, LONGEST).throwIfAny();
    return directory
        .find(name)
        .call(account -> set(account, Objects.requireNonNull(password)))
        .invoke(account -> revocation.revoke(account.name()))
        .replaceWithVoid();
  }

  private Uni<Void> set(Account account, Secret password) {
    return passwords
        .verifiers(password)
        .flatMap(verifiers -> accounts.setVerifiers(account.id(), verifiers));
  }

  /** Ends the sessions of an account. */
  @DELETE
  @Path("{name}/sessions")
  @RolesAllowed({ADMIN, SERVER_ADMIN})
  @Operation(summary = "End all sessions of an account, on all nodes")
  @APIResponse(responseCode = "204", description = "They are asked to end")
  @APIResponse(responseCode = "404", description = "There is no such account")
  public Uni<Void> end(@PathParam("name") String name) {
    return directory
        .find(name)
        .invoke(account -> revocation.revoke(account.name()))
        .replaceWithVoid();
  }
}
