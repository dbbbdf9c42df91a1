package io.postern.admin.account;

import static io.postern.admin.security.Roles.ADMIN;

import io.postern.admin.PageRequest;
import io.postern.admin.security.ValidationErrors;
import io.postern.auth.SessionRevocation;
import io.postern.store.account.Account;
import io.postern.store.account.Accounts;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The same change of many accounts, page by page. */
@Path("/admin/v1/account-changes")
@Tag(name = "account changes", description = "One change of many accounts")
@RolesAllowed(ADMIN)
public class AccountChangesResource {
  /**
   * A change of all accounts that a filter selects.
   *
   * @param filter all accounts when absent
   * @param change what changes; an absent field stays
   */
  public record BulkChange(
      @Nullable AccountFilter filter, @Schema(required = true) @Nullable AccountChange change) {
    static final BulkChange NONE = new BulkChange(null, null);
  }

  /**
   * What was done.
   *
   * @param examined how many accounts the page has
   * @param changed the names of those that the filter selected and that are different now
   * @param next the {@code after} parameter with which to go on; absent at the end
   */
  public record BulkResult(int examined, List<String> changed, Optional<String> next) {}

  /** So many accounts are changed at a time. */
  private static final int AT_ONCE = 4;

  private final Accounts accounts;
  private final SessionRevocation revocation;

  AccountChangesResource(Accounts accounts, SessionRevocation revocation) {
    this.accounts = accounts;
    this.revocation = revocation;
  }

  /** Changes the accounts of the next page. */
  @POST
  @Operation(
      summary = "Change what many accounts may do",
      description =
          "Changes those of the next accounts, by name, that the filter selects. Repeat with next as"
              + " after until next is absent; doing so again changes nothing twice. Sessions that"
              + " are no longer permitted end at once, on all nodes")
  @APIResponse(responseCode = "200", description = "Which accounts were changed")
  @APIResponse(responseCode = "422", description = "Filter or change is invalid")
  public Uni<BulkResult> change(@BeanParam PageRequest request, @Nullable BulkChange body) {
    var given = Objects.requireNonNullElse(body, BulkChange.NONE);
    var filter = Objects.requireNonNullElse(given.filter(), AccountFilter.ALL);
    var change = Objects.requireNonNullElse(given.change(), AccountChange.NONE);
    var errors = new ValidationErrors();
    filter.validate(errors);
    change.validate(errors);
    if (change.equals(AccountChange.NONE)) {
      errors.add("change", "", "at least one field");
    }
    errors.throwIfAny();
    return accounts
        .page(request.afterName(), request.toRead())
        .flatMap(found -> change(request, filter, change, found));
  }

  private Uni<BulkResult> change(
      PageRequest request, AccountFilter filter, AccountChange change, List<Account> found) {
    var page = request.page(found, Account::name);
    return Multi.createFrom()
        .iterable(page.items())
        .filter(filter::matches)
        .filter(account -> !change.applyTo(account.settings()).equals(account.settings()))
        .onItem()
        .transformToUni(account -> change(account, change))
        .merge(AT_ONCE)
        .collect()
        .asList()
        .map(
            changed ->
                new BulkResult(
                    page.items().size(),
                    changed.stream().flatMap(Optional::stream).sorted().toList(),
                    page.next()));
  }

  /** The name, unless the account was deleted meanwhile. */
  private Uni<Optional<String>> change(Account account, AccountChange change) {
    return accounts
        .change(account.id(), change::applyTo)
        .invoke(found -> found.ifPresent(it -> revocation.accountChanged(it.name())))
        .map(found -> found.map(Account::name));
  }
}
