package io.postern.admin;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;

import io.postern.admin.security.ProblemException;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.store.maintenance.StoreVerification;
import io.postern.store.maintenance.StoreVerification.Finding;
import io.postern.store.maintenance.StoreVerification.Verified;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Checks that the store is consistent. */
@Path("/admin/v1/store-verification")
@Tag(name = "store verification", description = "Formats, checksums, counters and contents")
@RolesAllowed({ADMIN, SERVER_ADMIN})
public class StoreVerificationResource {
  private static final String KEY = "[0-9]{1,18}-[0-9]{1,18}";

  private final StoreVerification verification;

  StoreVerificationResource(StoreVerification verification) {
    this.verification = verification;
  }

  /**
   * Something that is not as it should be.
   *
   * @param account the account's id
   * @param mailbox the mailbox's id
   * @param problem in plain text
   */
  public record Problem(long account, long mailbox, String problem) {
    static Problem of(Finding finding) {
      return new Problem(
          finding.mailbox().account().value(),
          finding.mailbox().mailbox().value(),
          finding.problem());
    }
  }

  /**
   * What was checked.
   *
   * @param mailboxes how many
   * @param messages how many they have
   * @param unownedContents contents that no message has, of the accounts whose first mailbox is
   *     among these
   * @param findings empty when all is well
   * @param next the {@code after} parameter with which to go on; absent at the end
   */
  public record Verification(
      int mailboxes,
      long messages,
      long unownedContents,
      List<Problem> findings,
      Optional<String> next) {
    static Verification of(Verified verified) {
      return new Verification(
          verified.mailboxes(),
          verified.messages(),
          verified.unownedContents(),
          verified.findings().stream().map(Problem::of).toList(),
          verified.next().map(key -> key.account().value() + "-" + key.mailbox().value()));
    }
  }

  /** Checks the next mailboxes. */
  @GET
  @Operation(
      summary = "Check that the store is consistent",
      description =
          "Checks the next mailboxes, by the ids of account and mailbox, and changes nothing. Repeat"
              + " with next as after until next is absent")
  @APIResponse(responseCode = "200", description = "What was checked, and what is wrong")
  public Uni<Verification> verify(@BeanParam PageRequest request) {
    return Uni.createFrom()
        .item(() -> request.after().map(StoreVerificationResource::key))
        .flatMap(after -> verification.verify(after, request.toRead() - 1))
        .map(Verification::of);
  }

  private static MailboxKey key(String after) {
    if (!after.matches(KEY)) {
      throw ProblemException.parameter(PageRequest.AFTER, after, "account-mailbox, two ids");
    }
    int dash = after.indexOf('-');
    return new MailboxKey(
        new AccountId(Long.parseLong(after.substring(0, dash))),
        new MailboxId(Long.parseLong(after.substring(dash + 1))));
  }
}
