package io.postern.admin.account;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.IfMatch;
import io.postern.admin.account.QuotaView.QuotaLevels;
import io.postern.admin.security.ValidationErrors;
import io.postern.store.account.Quotas;
import io.postern.store.account.Quotas.Levels;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Usage and quota of an account. */
@Path("/admin/v1/accounts/{name}/quota")
@Tag(name = "quotas", description = "How much mail an account keeps, and may keep")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class QuotasResource {
  /**
   * The levels of an account; without one that of its mailbox plan or of the settings applies.
   *
   * @param issueWarningQuota octets
   * @param prohibitSendQuota octets
   * @param prohibitSendReceiveQuota octets
   * @param maxMessages messages
   */
  public record NewLevels(
      @Schema(description = "Octets from which the user is to be warned; absent: the default")
          @Nullable Long issueWarningQuota,
      @Schema(description = "Octets from which the user may send no mail; absent: the default")
          @Nullable Long prohibitSendQuota,
      @Schema(description = "The most octets; absent: the default")
          @Nullable Long prohibitSendReceiveQuota,
      @Schema(description = "The most messages; absent: the default") @Nullable Long maxMessages) {
    static final NewLevels NONE = new NewLevels(null, null, null, null);

    Levels levels() {
      return new Levels(
          Optional.ofNullable(issueWarningQuota),
          Optional.ofNullable(prohibitSendQuota),
          Optional.ofNullable(prohibitSendReceiveQuota),
          Optional.ofNullable(maxMessages));
    }
  }

  /** As for the settings; more than any account can have. */
  private static final long MOST = 1L << 50;

  private final Quotas quotas;
  private final Directory directory;

  QuotasResource(Quotas quotas, Directory directory) {
    this.quotas = quotas;
    this.directory = directory;
  }

  /** Returns usage and levels. */
  @GET
  @Operation(
      summary = "Show how much mail an account keeps, and its quota",
      description = "state says which level is reached. Recoverable items do not count")
  @APIResponse(
      responseCode = "200",
      description = "Usage and levels; send its ETag as If-Match to change unchanged levels only")
  @APIResponse(responseCode = "404", description = "There is no such account")
  public Uni<QuotaView> get(@PathParam("name") String name) {
    return directory.id(name).flatMap(quotas::of).map(QuotaView::of);
  }

  /** Sets all levels. */
  @PUT
  @RolesAllowed(ADMIN)
  @Operation(
      summary = "Set the quota of an account",
      description =
          "Beyond prohibitSendReceiveQuota or maxMessages APPEND and COPY are refused, and mail is"
              + " refused for now; the other levels are shown, for others to act on")
  @APIResponse(responseCode = "200", description = "Usage and levels")
  @APIResponse(responseCode = "404", description = "There is no such account")
  @APIResponse(responseCode = "412", description = "If-Match names another version")
  @APIResponse(responseCode = "422", description = "A level is invalid")
  public Uni<QuotaView> set(
      @PathParam("name") String name,
      @Parameter(description = "Change it only while it has this ETag") @HeaderParam("If-Match")
          Optional<String> match,
      @Nullable NewLevels body) {
    var given = Objects.requireNonNullElse(body, NewLevels.NONE);
    validate(given);
    return directory
        .id(name)
        .flatMap(
            id ->
                quotas.set(
                    id,
                    before -> {
                      IfMatch.require(match, QuotaView.tag(QuotaLevels.of(before)));
                      return given.levels();
                    }))
        .map(QuotaView::of);
  }

  static void validate(NewLevels given) {
    var errors = new ValidationErrors();
    within(errors, "issueWarningQuota", given.issueWarningQuota());
    within(errors, "prohibitSendQuota", given.prohibitSendQuota());
    within(errors, "prohibitSendReceiveQuota", given.prohibitSendReceiveQuota());
    within(errors, "maxMessages", given.maxMessages());
    errors.throwIfAny();
  }

  private static void within(ValidationErrors errors, String field, @Nullable Long value) {
    if (value != null && (value < 0 || value > MOST)) {
      errors.add(field, Long.toString(value), "0 to " + MOST);
    }
  }
}
