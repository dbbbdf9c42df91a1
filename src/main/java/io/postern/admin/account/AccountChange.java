package io.postern.admin.account;

import io.postern.store.account.Access;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A partial update of an account; an absent field is left unchanged.
 *
 * @param enabled whether users may log in to it
 * @param administrator whether mail protocols refuse to open it
 * @param imapEnabled whether IMAP may open it
 * @param popEnabled whether POP3 may open it
 */
public record AccountChange(
    @Schema(description = "Whether users may log in") @Nullable Boolean enabled,
    @Schema(description = "Whether mail protocols refuse to open it")
        @Nullable Boolean administrator,
    @Schema(description = "Whether IMAP may open it") @Nullable Boolean imapEnabled,
    @Schema(description = "Whether POP3 may open it") @Nullable Boolean popEnabled) {
  static final AccountChange NONE = new AccountChange(null, null, null, null);

  Access applyTo(Access before) {
    return new Access(
        enabled == null ? before.enabled() : enabled,
        administrator == null ? before.administrator() : administrator,
        imapEnabled == null ? before.imap() : imapEnabled,
        popEnabled == null ? before.pop() : popEnabled);
  }
}
