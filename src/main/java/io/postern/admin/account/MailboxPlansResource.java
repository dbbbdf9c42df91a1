package io.postern.admin.account;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.CursorPage;
import io.postern.admin.IfMatch;
import io.postern.admin.PageRequest;
import io.postern.admin.account.ProtocolSettingsResource.ProtocolSettingsChange;
import io.postern.admin.account.QuotasResource.NewLevels;
import io.postern.admin.security.ProblemException;
import io.postern.admin.security.ValidationErrors;
import io.postern.auth.SessionRevocation;
import io.postern.model.RetrievalOptions;
import io.postern.store.account.MailboxPlan;
import io.postern.store.account.MailboxPlans;
import io.postern.store.account.ProtocolOptions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The mailbox plans. Exchange: Set-CASMailboxPlan and Set-MailboxPlan. */
@Path("/admin/v1/mailbox-plans")
@Tag(name = "mailbox plans", description = "What accounts have where nothing is set for them")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class MailboxPlansResource {
  private static final String NAMES = "1 to 64 letters, digits, hyphens, underscores and dots";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /**
   * All of a plan but its name; what is absent is permitted, or left to the settings.
   *
   * @param byDefault whether new accounts get it; then no other plan is the default
   * @param imapEnabled whether IMAP may open its accounts
   * @param popEnabled whether POP3 may open its accounts
   * @param imap how messages are shown over IMAP
   * @param pop3 how messages are shown over POP3
   * @param quota levels of the quota
   * @param deletedItemRetentionDays for how many days expunged mail can be restored
   */
  public record NewPlan(
      @Schema(description = "Whether new accounts get it; then no other plan is the default")
          @Nullable Boolean byDefault,
      @Schema(description = "Whether IMAP may open its accounts", defaultValue = "true")
          @Nullable Boolean imapEnabled,
      @Schema(description = "Whether POP3 may open its accounts", defaultValue = "true")
          @Nullable Boolean popEnabled,
      @Nullable ProtocolSettingsChange imap,
      @Nullable ProtocolSettingsChange pop3,
      @Nullable NewLevels quota,
      @Schema(
              description = "For how many days expunged mail can be restored, 0 to 24855",
              minimum = "0",
              maximum = "24855")
          @Nullable Integer deletedItemRetentionDays) {
    static final NewPlan NONE = new NewPlan(null, null, null, null, null, null, null);

    void validate() {
      var errors = new ValidationErrors();
      AccountChange.days(errors, deletedItemRetentionDays);
      errors.throwIfAny();
      QuotasResource.validate(levels());
      settings(imap).validate();
      settings(pop3).validate();
    }

    private static ProtocolSettingsChange settings(@Nullable ProtocolSettingsChange given) {
      return Objects.requireNonNullElse(given, ProtocolSettingsChange.NONE);
    }

    private NewLevels levels() {
      return Objects.requireNonNullElse(quota, NewLevels.NONE);
    }

    MailboxPlan plan(String name) {
      return new MailboxPlan(
          name,
          Objects.requireNonNullElse(byDefault, false),
          Objects.requireNonNullElse(imapEnabled, true),
          Objects.requireNonNullElse(popEnabled, true),
          new ProtocolOptions(
              settings(imap).applyTo(RetrievalOptions.DEFAULTS),
              settings(pop3).applyTo(RetrievalOptions.DEFAULTS)),
          levels().levels(),
          Optional.ofNullable(deletedItemRetentionDays));
    }
  }

  private final MailboxPlans plans;
  private final SessionRevocation revocation;

  MailboxPlansResource(MailboxPlans plans, SessionRevocation revocation) {
    this.plans = plans;
    this.revocation = revocation;
  }

  /** Lists the plans by name. */
  @GET
  @Operation(summary = "List the mailbox plans, in the order of their names")
  public Uni<CursorPage<MailboxPlanView>> list(@BeanParam PageRequest request) {
    return plans
        .page(request.afterName(), request.toRead())
        .map(found -> found.stream().map(MailboxPlanView::of).toList())
        .map(found -> request.page(found, MailboxPlanView::name));
  }

  /** Returns one plan. */
  @GET
  @Path("{name}")
  @Operation(summary = "Show a mailbox plan")
  @APIResponse(
      responseCode = "200",
      description = "The plan; send its ETag as If-Match to change it only if it is unchanged")
  @APIResponse(responseCode = "404", description = "There is no such plan")
  public Uni<MailboxPlanView> get(@PathParam("name") String name) {
    return plans
        .find(name)
        .map(found -> MailboxPlanView.of(found.orElseThrow(() -> unknown(name))));
  }

  /** Creates or replaces a plan. */
  @PUT
  @Path("{name}")
  @RolesAllowed(ADMIN)
  @Operation(
      summary = "Create or replace a mailbox plan",
      description =
          "In effect at once, on all nodes, for its accounts that have no value of their own:"
              + " sessions that are no longer permitted end; messages are shown otherwise in new"
              + " sessions")
  @APIResponse(responseCode = "200", description = "The plan was replaced")
  @APIResponse(responseCode = "201", description = "It was created; Location is its URL")
  @APIResponse(
      responseCode = "409",
      description = "There are 1000 plans, or a setting has no effect")
  @APIResponse(responseCode = "412", description = "If-Match names another version")
  @APIResponse(responseCode = "422", description = "The name or a value is invalid")
  public Uni<Response> put(
      @PathParam("name") String name,
      @Parameter(description = "Change it only while it has this ETag") @HeaderParam("If-Match")
          Optional<String> match,
      @Nullable NewPlan body) {
    new ValidationErrors()
        .text("name", name, given -> NAME.matcher(given).matches(), NAMES)
        .throwIfAny();
    var given = Objects.requireNonNullElse(body, NewPlan.NONE);
    given.validate();
    var plan = given.plan(name);
    return plans
        .put(plan, before -> require(match, before))
        .invoke(before -> before.ifPresent(it -> endSessions(it, plan)))
        .map(before -> answer(plan, before.isEmpty()));
  }

  private static void require(Optional<String> match, Optional<MailboxPlan> before) {
    IfMatch.require(match, before.map(it -> MailboxPlanView.of(it).tag()).orElse(""));
  }

  private void endSessions(MailboxPlan before, MailboxPlan now) {
    if ((before.imap() && !now.imap()) || (before.pop() && !now.pop())) {
      revocation.planChanged(now.name());
    }
  }

  private static Response answer(MailboxPlan plan, boolean created) {
    var location = UriBuilder.fromResource(MailboxPlansResource.class).segment(plan.name());
    return (created ? Response.created(location.build()) : Response.ok())
        .entity(MailboxPlanView.of(plan))
        .build();
  }

  /** Deletes a plan. */
  @DELETE
  @Path("{name}")
  @RolesAllowed(ADMIN)
  @Operation(summary = "Delete a mailbox plan that no account has")
  @APIResponse(responseCode = "204", description = "The plan is deleted")
  @APIResponse(responseCode = "404", description = "There is no such plan")
  @APIResponse(
      responseCode = "409",
      description = "Accounts have it, or deleted accounts that can be restored")
  @APIResponse(responseCode = "412", description = "If-Match names another version")
  public Uni<Void> delete(
      @PathParam("name") String name,
      @Parameter(description = "Delete it only while it has this ETag") @HeaderParam("If-Match")
          Optional<String> match) {
    return plans
        .delete(name, plan -> require(match, Optional.of(plan)))
        .invoke(
            done -> {
              switch (done) {
                case DONE -> {}
                case UNKNOWN -> throw unknown(name);
                case IN_USE ->
                    throw ProblemException.conflict(
                        "Accounts have the mailbox plan \""
                            + name
                            + "\", or deleted accounts that can be restored");
              }
            })
        .replaceWithVoid();
  }

  private static ProblemException unknown(String name) {
    return ProblemException.notFound("There is no mailbox plan \"" + name + "\"");
  }
}
