package io.postern.admin.account;

import io.postern.admin.Tagged;
import io.postern.admin.account.ProtocolSettingsResource.ProtocolSettings;
import io.postern.admin.account.QuotaView.QuotaLevels;
import io.postern.store.account.MailboxPlan;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * A mailbox plan as the administration API shows it.
 *
 * @param name identifies it
 * @param byDefault whether new accounts get it
 * @param imapEnabled whether IMAP may open its accounts
 * @param popEnabled whether POP3 may open its accounts
 * @param imap how messages are shown over IMAP
 * @param pop3 how messages are shown over POP3
 * @param quota its levels; absent ones are those of the settings
 * @param deletedItemRetentionDays for how many days expunged mail can be restored; absent where the
 *     settings decide
 */
public record MailboxPlanView(
    String name,
    boolean byDefault,
    boolean imapEnabled,
    boolean popEnabled,
    ProtocolSettings imap,
    ProtocolSettings pop3,
    QuotaLevels quota,
    Optional<Integer> deletedItemRetentionDays)
    implements Tagged {
  static MailboxPlanView of(MailboxPlan plan) {
    return new MailboxPlanView(
        plan.name(),
        plan.byDefault(),
        plan.imap(),
        plan.pop(),
        ProtocolSettings.of(plan.options().imap()),
        ProtocolSettings.of(plan.options().pop()),
        QuotaLevels.of(plan.levels()),
        plan.deletedItemDays());
  }

  @Override
  public String tag() {
    return "\"" + UUID.nameUUIDFromBytes(toString().getBytes(StandardCharsets.UTF_8)) + "\"";
  }
}
