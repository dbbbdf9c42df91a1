package io.postern.admin.account;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.CursorPage;
import io.postern.admin.security.ProblemException;
import io.postern.admin.security.ValidationErrors;
import io.postern.auth.SessionRevocation;
import io.postern.auth.password.AppPasswordText;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.AppPasswords.AppPassword;
import io.postern.store.account.Secret;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** App passwords: passwords for single programs. */
@Path("/admin/v1/accounts/{account}/app-passwords")
@Tag(name = "app passwords", description = "Passwords of single programs, revoked one by one")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class AppPasswordsResource {
  // Neither . nor .., which can't be the end of a path (RFC 3986 §5.2.4).
  private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[^\\p{Cntrl}/]{1,100}");

  private static final String NAMES = "1 to 100 characters, no control or /, not . or ..";

  /**
   * An app password without its secret.
   *
   * @param name its label
   * @param created when it was created
   * @param lastUsed when it was last used, to about an hour; absent before the first use
   */
  public record AppPasswordView(String name, Instant created, Optional<Instant> lastUsed) {}

  /**
   * An app password to create.
   *
   * @param name its label: 1 to 100 characters, no control characters, no slash
   */
  public record NewAppPassword(
      @Schema(required = true, maxLength = 100, examples = "phone") @Nullable String name) {}

  /**
   * An app password that was created.
   *
   * @param name its label
   * @param password the secret, returned only here
   */
  // No method signature names it, so a native build would not register it for serialization.
  @RegisterForReflection
  public record CreatedAppPassword(String name, String password) {
    @Override
    public String toString() {
      return "CreatedAppPassword[name=" + name + "]";
    }
  }

  private final Directory directory;
  private final AppPasswords passwords;
  private final SessionRevocation revocation;

  AppPasswordsResource(Directory directory, AppPasswords passwords, SessionRevocation revocation) {
    this.directory = directory;
    this.passwords = passwords;
    this.revocation = revocation;
  }

  /** Lists the app passwords of an account; there are 100 at most. */
  @GET
  @Operation(summary = "List the app passwords of an account, without the secrets")
  @APIResponse(responseCode = "404", description = "There is no such account")
  public Uni<CursorPage<AppPasswordView>> list(@PathParam("account") String account) {
    return directory
        .id(account)
        .flatMap(passwords::list)
        .map(found -> found.stream().map(AppPasswordsResource::view).toList())
        .map(found -> CursorPage.all(found));
  }

  private static AppPasswordView view(AppPassword password) {
    return new AppPasswordView(password.name(), password.created(), password.lastUsed());
  }

  /** Creates an app password. */
  @POST
  @RolesAllowed(ADMIN)
  @Operation(summary = "Create an app password", description = "The secret is returned only here")
  @APIResponse(responseCode = "201", description = "The app password with its secret")
  @APIResponse(responseCode = "404", description = "There is no such account")
  @APIResponse(
      responseCode = "409",
      description = "One of that name exists, or the account has 100")
  @APIResponse(responseCode = "422", description = "The name is invalid")
  public Uni<Response> create(@PathParam("account") String account, @Nullable NewAppPassword body) {
    var name = body == null ? "" : Objects.requireNonNullElse(body.name(), "");
    new ValidationErrors().text("name", name, it -> NAME.matcher(it).matches(), NAMES).throwIfAny();
    var secret = AppPasswordText.random();
    return directory
        .id(account)
        .flatMap(id -> passwords.add(id, name, AppPasswordText.verifier(secret)))
        .map(added -> created(name, secret, added));
  }

  private static Response created(String name, Secret secret, boolean added) {
    if (!added) {
      throw ProblemException.conflict("There is an app password \"" + name + "\" already");
    }
    return Response.status(Response.Status.CREATED)
        // RFC 9111 §5.2.2.5: no cache stores it
        .header("Cache-Control", "no-store")
        .entity(new CreatedAppPassword(name, secret.reveal()))
        .build();
  }

  /** Revokes an app password. */
  @DELETE
  @Path("{name}")
  @RolesAllowed(ADMIN)
  @Operation(
      summary = "Revoke an app password",
      description = "The account's sessions end, on all nodes")
  @APIResponse(responseCode = "204", description = "It is revoked")
  @APIResponse(responseCode = "404", description = "There is no such account or app password")
  public Uni<Void> revoke(@PathParam("account") String account, @PathParam("name") String name) {
    return directory
        .find(account)
        .call(found -> passwords.revoke(found.id(), name).invoke(gone -> require(gone, name)))
        .invoke(found -> revocation.revoke(found.name()))
        .replaceWithVoid();
  }

  private static void require(boolean gone, String name) {
    if (!gone) {
      throw ProblemException.notFound("There is no app password \"" + name + "\"");
    }
  }
}
