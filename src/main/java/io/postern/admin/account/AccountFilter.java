package io.postern.admin.account;

import io.postern.admin.security.ValidationErrors;
import io.postern.store.account.Account;
import java.util.Locale;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Which accounts a bulk change is for: those that meet all that is given.
 *
 * @param domain the part of the name behind the {@code @}
 * @param prefix how the name begins
 * @param enabled whether users may log in
 * @param administrator whether mail protocols refuse to open it
 * @param imapEnabled whether IMAP may open it
 * @param popEnabled whether POP3 may open it
 * @param plan the name of their mailbox plan; empty for those without
 */
public record AccountFilter(
    @Schema(description = "Only names of this domain") @Nullable String domain,
    @Schema(description = "Only names that begin so") @Nullable String prefix,
    @Schema(description = "Only those that users may, or may not, log in to")
        @Nullable Boolean enabled,
    @Schema(description = "Only administrators' accounts, or only others")
        @Nullable Boolean administrator,
    @Schema(description = "Only those that IMAP may, or may not, open")
        @Nullable Boolean imapEnabled,
    @Schema(description = "Only those that POP3 may, or may not, open")
        @Nullable Boolean popEnabled,
    @Schema(description = "Only those of this mailbox plan; empty: only those without")
        @Nullable String plan) {
  /** Every account. */
  static final AccountFilter ALL = new AccountFilter(null, null, null, null, null, null, null);

  private static final int MAX_TEXT = 320;

  /** Adds what is wrong to the errors. */
  void validate(ValidationErrors errors) {
    text(errors, "filter.domain", domain);
    text(errors, "filter.prefix", prefix);
  }

  private static void text(ValidationErrors errors, String field, @Nullable String value) {
    if (value != null && (value.isEmpty() || value.length() > MAX_TEXT)) {
      errors.add(field, value, "1 to " + MAX_TEXT + " characters");
    }
  }

  boolean matches(Account account) {
    var name = account.name();
    var access = account.access();
    return (domain == null || name.endsWith("@" + folded(domain)))
        && (prefix == null || name.startsWith(folded(prefix)))
        && equal(enabled, access.enabled())
        && equal(administrator, access.administrator())
        && equal(imapEnabled, access.imap())
        && equal(popEnabled, access.pop())
        && (plan == null || plan.equals(account.settings().plan().orElse("")));
  }

  private static String folded(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static boolean equal(@Nullable Boolean wanted, boolean is) {
    return Objects.requireNonNullElse(wanted, is) == is;
  }
}
