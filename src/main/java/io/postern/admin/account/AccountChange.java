package io.postern.admin.account;

import io.postern.admin.security.ValidationErrors;
import io.postern.store.account.AccountSettings;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A partial update of an account; an absent field is left unchanged.
 *
 * @param enabled whether users may log in to it
 * @param administrator whether mail protocols refuse to open it
 * @param imapEnabled whether IMAP may open it, whatever its plan says
 * @param popEnabled whether POP3 may open it, whatever its plan says
 * @param deletedItemRetentionDays for how many days its expunged mail can be restored
 * @param plan the name of its mailbox plan; empty for none
 * @param inherit fields whose own value is taken back, so that the plan decides
 */
public record AccountChange(
    @Schema(description = "Whether users may log in") @Nullable Boolean enabled,
    @Schema(description = "Whether mail protocols refuse to open it")
        @Nullable Boolean administrator,
    @Schema(description = "Whether IMAP may open it, whatever its plan says")
        @Nullable Boolean imapEnabled,
    @Schema(description = "Whether POP3 may open it, whatever its plan says")
        @Nullable Boolean popEnabled,
    @Schema(
            description = "For how many days its expunged mail can be restored, 0 to 24855",
            minimum = "0",
            maximum = "24855")
        @Nullable Integer deletedItemRetentionDays,
    @Schema(description = "The name of its mailbox plan; empty for none") @Nullable String plan,
    @Schema(
            description =
                "Fields whose own value is taken back, so that the plan decides: imapEnabled,"
                    + " popEnabled, deletedItemRetentionDays")
        @Nullable List<String> inherit) {
  static final AccountChange NONE = new AccountChange(null, null, null, null, null, null, null);

  /** As for {@code mail.retention.deleted-item}. */
  static final int MAX_DAYS = 24_855;

  static final String IMAP = "imapEnabled";
  static final String POP = "popEnabled";
  static final String DAYS = "deletedItemRetentionDays";

  /** Adds what is wrong to the errors. */
  void validate(ValidationErrors errors) {
    days(errors, deletedItemRetentionDays);
    for (var field : inherited()) {
      boolean given =
          switch (Objects.requireNonNullElse(field, "")) {
            case IMAP -> imapEnabled != null;
            case POP -> popEnabled != null;
            case DAYS -> deletedItemRetentionDays != null;
            default -> true;
          };
      if (given) {
        errors.add(
            "inherit",
            Objects.requireNonNullElse(field, ""),
            "imapEnabled, popEnabled and deletedItemRetentionDays, unless they are changed");
      }
    }
  }

  static void days(ValidationErrors errors, @Nullable Integer days) {
    if (days != null && (days < 0 || days > MAX_DAYS)) {
      errors.add(DAYS, Integer.toString(days), "0 to " + MAX_DAYS);
    }
  }

  private List<String> inherited() {
    return Objects.requireNonNullElse(inherit, List.of());
  }

  AccountSettings applyTo(AccountSettings before) {
    return new AccountSettings(
        enabled == null ? before.enabled() : enabled,
        administrator == null ? before.administrator() : administrator,
        changed(IMAP, imapEnabled, before.imap()),
        changed(POP, popEnabled, before.pop()),
        changed(DAYS, deletedItemRetentionDays, before.deletedItemDays()),
        plan == null ? before.plan() : Optional.of(plan).filter(it -> !it.isEmpty()));
  }

  private <T> Optional<T> changed(String field, @Nullable T value, Optional<T> before) {
    if (inherited().contains(field)) {
      return Optional.empty();
    }
    return value == null ? before : Optional.of(value);
  }
}
