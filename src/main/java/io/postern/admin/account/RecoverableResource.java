package io.postern.admin.account;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.CursorPage;
import io.postern.admin.PageRequest;
import io.postern.admin.security.ValidationErrors;
import io.postern.model.MailboxName;
import io.postern.model.message.Flags;
import io.postern.model.message.SystemFlag;
import io.postern.store.Mailboxes;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.maintenance.Recoverable;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Expunged messages that can still be restored. */
@Path("/admin/v1/accounts/{name}/recoverable-items")
@Tag(name = "recoverable items", description = "Expunged messages that can be restored")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class RecoverableResource {
  /**
   * An expunged message.
   *
   * @param id identifies it in a restore request
   * @param mailbox the id of the mailbox it was in
   * @param uid the UID it had there
   * @param flags its system flags
   * @param size in octets
   * @param received its internal date (RFC 3501 §2.3.3)
   * @param removed when it was expunged
   */
  public record Item(
      long id,
      long mailbox,
      long uid,
      List<String> flags,
      int size,
      OffsetDateTime received,
      Instant removed) {}

  /**
   * A restore request.
   *
   * @param ids of the messages
   * @param mailbox the target mailbox; INBOX when absent
   */
  public record RestoreRequest(
      @Schema(required = true, minItems = 1, maxItems = Recoverable.MAX_ITEMS)
          @Nullable List<Long> ids,
      @Schema(defaultValue = "INBOX") @Nullable String mailbox) {}

  /**
   * The result of a restore.
   *
   * @param restored the number of restored messages; expired ones are not counted
   * @param mailbox the target mailbox
   */
  public record Restored(int restored, String mailbox) {}

  private final Directory directory;
  private final Mailboxes mailboxes;
  private final Recoverable recoverable;

  RecoverableResource(Directory directory, Mailboxes mailboxes, Recoverable recoverable) {
    this.directory = directory;
    this.mailboxes = mailboxes;
    this.recoverable = recoverable;
  }

  /** Lists the expunged messages of an account, ascending by id. */
  @GET
  @Operation(summary = "List the expunged messages of an account")
  @APIResponse(responseCode = "404", description = "There is no such account")
  public Uni<CursorPage<Item>> list(
      @PathParam("name") String name, @BeanParam PageRequest request) {
    return directory
        .id(name)
        .flatMap(account -> recoverable.list(account, request.afterId(), request.toRead()))
        .map(found -> found.stream().map(RecoverableResource::item).toList())
        .map(found -> request.page(found, item -> Long.toString(item.id())));
  }

  private static Item item(Recoverable.Item item) {
    return new Item(
        item.id(),
        item.mailbox().value(),
        item.uid().value(),
        flags(item.flags()),
        item.size(),
        item.internalDate().dateTime(),
        item.removed());
  }

  private static List<String> flags(Flags flags) {
    return Arrays.stream(SystemFlag.values()).filter(flags::has).map(SystemFlag::text).toList();
  }

  /** Restores expunged messages. */
  @POST
  @Path("restore")
  @RolesAllowed(ADMIN)
  @Operation(
      summary = "Restore expunged messages into a mailbox",
      description = "They get new UIDs; connected clients are notified")
  @APIResponse(responseCode = "200", description = "How many were restored")
  @APIResponse(responseCode = "404", description = "There is no such account or mailbox")
  @APIResponse(
      responseCode = "422",
      description = "No ids, too many ids, or an invalid mailbox name")
  public Uni<Restored> restore(@PathParam("name") String name, @Nullable RestoreRequest body) {
    var ids = ids(body);
    var to = mailbox(body);
    var errors = new ValidationErrors();
    if (ids.isEmpty()
        || ids.size() > Recoverable.MAX_ITEMS
        || ids.stream().anyMatch(Objects::isNull)) {
      errors.add("ids", ids.size() + " ids", "1 to " + Recoverable.MAX_ITEMS + " ids");
    }
    MailboxName.problem(to).ifPresent(problem -> errors.add("mailbox", to, problem));
    errors.throwIfAny();
    var target = new MailboxName(to);
    return directory
        .id(name)
        .flatMap(account -> mailboxes.find(account, target))
        .map(found -> found.orElseThrow(() -> missing(target)))
        .flatMap(mailbox -> recoverable.restore(ids, mailbox.key()))
        .map(changed -> new Restored(changed.changed().size(), target.value()));
  }

  private static List<Long> ids(@Nullable RestoreRequest body) {
    return body == null ? List.of() : Objects.requireNonNullElse(body.ids(), List.of());
  }

  private static String mailbox(@Nullable RestoreRequest body) {
    return body == null ? "" : Objects.requireNonNullElse(body.mailbox(), "INBOX");
  }

  private static StoreException missing(MailboxName name) {
    return new StoreException(new StoreFailure.NoSuchMailbox(name));
  }
}
