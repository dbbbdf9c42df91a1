package io.postern.admin.mailbox;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.CursorPage;
import io.postern.admin.account.Directory;
import io.postern.admin.security.ValidationErrors;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.model.SpecialUse;
import io.postern.store.Mailboxes;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jspecify.annotations.Nullable;

/** The mailboxes of an account. */
@Path("/admin/v1/accounts/{name}/mailboxes")
@Tag(name = "mailboxes", description = "Mailboxes of an account and their messages")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class MailboxesResource {
  /**
   * A mailbox.
   *
   * @param name its full name, levels separated by {@code /}
   * @param uidValidity of its UIDs (RFC 3501 §2.3.1.1)
   * @param uidNext the UID of the next message, at least
   * @param messages how many it has
   * @param octets the sum of their sizes
   * @param specialUse its use (RFC 6154), if it has one
   */
  public record MailboxView(
      String name,
      long uidValidity,
      long uidNext,
      int messages,
      long octets,
      Optional<String> specialUse) {
    static MailboxView of(MailboxInfo info, MailboxState state) {
      return new MailboxView(
          info.name().value(),
          state.uidValidity().value(),
          state.uidNext(),
          state.exists(),
          state.size(),
          info.use().map(SpecialUse::attribute));
    }
  }

  /**
   * A mailbox that was created.
   *
   * @param name its full name
   * @param uidValidity of its UIDs
   */
  public record CreatedMailbox(String name, long uidValidity) {
    static CreatedMailbox of(MailboxInfo info) {
      return new CreatedMailbox(info.name().value(), info.uidValidity().value());
    }
  }

  /**
   * A mailbox to create.
   *
   * @param name its full name
   */
  public record NewMailbox(
      @Schema(required = true, examples = "Archive/2026") @Nullable String name) {}

  private final Mailboxes mailboxes;
  private final Directory directory;

  MailboxesResource(Mailboxes mailboxes, Directory directory) {
    this.mailboxes = mailboxes;
    this.directory = directory;
  }

  /** Lists the mailboxes with their counters. */
  @GET
  @Operation(summary = "List the mailboxes of an account, INBOX first, then by name")
  @APIResponse(responseCode = "404", description = "There is no such account")
  public Uni<CursorPage<MailboxView>> list(@PathParam("name") String name) {
    return directory
        .id(name)
        .flatMap(
            account ->
                Uni.combine()
                    .all()
                    .unis(mailboxes.list(account), mailboxes.states(account))
                    .asTuple())
        .map(
            both ->
                both.getItem1().stream()
                    .flatMap(
                        info ->
                            Optional.ofNullable(both.getItem2().get(info.key().mailbox()))
                                .map(state -> MailboxView.of(info, state))
                                .stream())
                    .toList())
        .map(CursorPage::all);
  }

  /** Creates a mailbox. */
  @POST
  @RolesAllowed(ADMIN)
  @Operation(summary = "Create a mailbox", description = "Those missing above it are created, too")
  @APIResponse(responseCode = "201", description = "It is there")
  @APIResponse(responseCode = "404", description = "There is no such account")
  @APIResponse(responseCode = "409", description = "There is one of that name, or too many")
  @APIResponse(responseCode = "422", description = "The name is invalid")
  public Uni<RestResponse<CreatedMailbox>> create(
      @PathParam("name") String name, @Nullable NewMailbox body) {
    var wanted = body == null ? "" : Objects.requireNonNullElse(body.name(), "");
    var problem = MailboxName.problem(wanted);
    new ValidationErrors()
        .text("name", wanted, _ -> problem.isEmpty(), problem.orElse(""))
        .throwIfAny();
    return directory
        .id(name)
        .flatMap(account -> mailboxes.create(account, new MailboxName(wanted), Optional.empty()))
        .map(info -> RestResponse.status(Status.CREATED, CreatedMailbox.of(info)));
  }
}
