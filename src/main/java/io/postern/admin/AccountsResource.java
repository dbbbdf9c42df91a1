package io.postern.admin;

import static io.postern.admin.door.Roles.ADMIN;
import static io.postern.admin.door.Roles.SERVER_ADMIN;
import static io.postern.admin.door.Roles.VIEWER;

import io.postern.admin.door.Flaws;
import io.postern.auth.password.Passwords;
import io.postern.store.Accounts;
import io.postern.store.Secret;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.util.Objects;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The accounts. */
@Path("/admin/v1/accounts")
@Tag(name = "accounts", description = "Who has a mailbox, and what they may do with it")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class AccountsResource {
  static final String NAMES =
      "local-part@domain: 254 characters at most, no space, control, / or \\";

  // RFC 5321 §4.5.3.1: 64 octets before the @, 254 in all; / and \ part a delegate from a mailbox
  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{3,254}$)[^\\p{Cntrl}\\p{Z}@/\\\\\"]{1,64}@[^\\p{Cntrl}\\p{Z}@/\\\\\"]+");
  private static final int SHORTEST = 8;
  private static final int LONGEST = 256;

  /**
   * An account.
   *
   * @param name its login name, lower case
   * @param enabled whether it may log in
   */
  public record Account(String name, boolean enabled) {}

  /**
   * An account to be made.
   *
   * @param name its login name, an address; kept in lower case
   * @param password its password, 8 to 256 characters
   */
  public record NewAccount(
      @Schema(required = true, examples = "user@example.test") @Nullable String name,
      @Schema(required = true, implementation = String.class, minLength = 8, maxLength = 256)
          @Nullable Secret password) {}

  /**
   * Another password.
   *
   * @param password 8 to 256 characters
   */
  public record NewPassword(
      @Schema(required = true, implementation = String.class, minLength = 8, maxLength = 256)
          @Nullable Secret password) {}

  private final Accounts accounts;
  private final Directory directory;
  private final Passwords passwords;

  AccountsResource(Accounts accounts, Directory directory, Passwords passwords) {
    this.accounts = accounts;
    this.directory = directory;
    this.passwords = passwords;
  }

  /** One of them. */
  @GET
  @Path("{name}")
  @Operation(summary = "Show an account")
  @APIResponse(responseCode = "404", description = "There is no such account")
  public Uni<Account> get(@PathParam("name") String name) {
    return directory.find(name).map(AccountsResource::shown);
  }

  /** Makes one, with INBOX and the standard folders. */
  @POST
  @RolesAllowed(ADMIN)
  @Operation(
      summary = "Make an account",
      description = "It gets INBOX, Drafts, Sent, Junk, Trash and Archive")
  @APIResponse(responseCode = "201", description = "It is made; Location says where it is")
  @APIResponse(responseCode = "409", description = "There is one of that name")
  @APIResponse(responseCode = "422", description = "The name or the password is not allowed")
  public Uni<Response> create(@Nullable NewAccount wanted) {
    var name = wanted == null ? "" : Objects.requireNonNullElse(wanted.name(), "");
    var password = wanted == null ? null : wanted.password();
    new Flaws()
        .text("name", name, given -> NAME.matcher(given).matches(), NAMES)
        .secret("password", password, SHORTEST, LONGEST)
        .refuse();
    return passwords
        .verifiers(Objects.requireNonNull(password))
        .flatMap(verifiers -> accounts.create(name, verifiers))
        .chain(() -> directory.find(name))
        .map(made -> created(shown(made)));
  }

  private static Response created(Account account) {
    var place = UriBuilder.fromResource(AccountsResource.class).segment(account.name()).build();
    return Response.created(place).entity(account).build();
  }

  /** Gives it another password. */
  @PUT
  @Path("{name}/password")
  @RolesAllowed(ADMIN)
  @Operation(summary = "Set the password of an account")
  @APIResponse(responseCode = "204", description = "It is set, on all nodes at once")
  @APIResponse(responseCode = "404", description = "There is no such account")
  @APIResponse(responseCode = "422", description = "The password is not allowed")
  public Uni<Void> password(@PathParam("name") String name, @Nullable NewPassword wanted) {
    var password = wanted == null ? null : wanted.password();
    new Flaws().secret("password", password, SHORTEST, LONGEST).refuse();
    return directory
        .id(name)
        .flatMap(
            account ->
                passwords
                    .verifiers(Objects.requireNonNull(password))
                    .flatMap(verifiers -> accounts.setVerifiers(account, verifiers)));
  }

  private static Account shown(io.postern.store.Account account) {
    return new Account(account.name(), account.access().enabled());
  }
}
