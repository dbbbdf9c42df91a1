package io.postern.admin.account;

import io.postern.admin.Tagged;
import io.postern.store.account.Account;
import io.postern.store.account.AccountSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An account as the administration API shows it.
 *
 * @param name its login name, lower case
 * @param enabled whether users may log in to it; mail is delivered to it in any case
 * @param administrator whether it is an administrator's account, which mail protocols do not open
 * @param imapEnabled whether IMAP may open it, by its own value or its plan. Exchange: ImapEnabled
 * @param popEnabled whether POP3 may open it, by its own value or its plan. Exchange: PopEnabled
 * @param deletedItemRetentionDays for how many days its expunged mail can be restored, by its own
 *     value or its plan; absent where the settings decide. Exchange: RetainDeletedItemsFor
 * @param plan the name of its mailbox plan; absent without one
 * @param own the fields that are set for the account, whatever its plan says
 */
public record AccountView(
    String name,
    boolean enabled,
    boolean administrator,
    boolean imapEnabled,
    boolean popEnabled,
    Optional<Integer> deletedItemRetentionDays,
    Optional<String> plan,
    @Schema(description = "The fields that are set for the account, whatever its plan says")
        List<String> own)
    implements Tagged {
  static AccountView of(Account account) {
    var access = account.access();
    return new AccountView(
        account.name(),
        access.enabled(),
        access.administrator(),
        access.imap(),
        access.pop(),
        account.deletedItemDays(),
        account.settings().plan(),
        own(account.settings()));
  }

  private static List<String> own(AccountSettings settings) {
    var own = new ArrayList<String>();
    settings.imap().ifPresent(_ -> own.add(AccountChange.IMAP));
    settings.pop().ifPresent(_ -> own.add(AccountChange.POP));
    settings.deletedItemDays().ifPresent(_ -> own.add(AccountChange.DAYS));
    return List.copyOf(own);
  }

  /** Returns the entity tag, which changes exactly when something that is set does. */
  static String tag(AccountSettings settings) {
    return "\"%d%d%s%s-%s-%s\""
        .formatted(
            settings.enabled() ? 1 : 0,
            settings.administrator() ? 1 : 0,
            bit(settings.imap()),
            bit(settings.pop()),
            settings.deletedItemDays().map(it -> Integer.toString(it)).orElse("x"),
            settings.plan().orElse(""));
  }

  @Override
  public String tag() {
    return tag(
        new AccountSettings(
            enabled,
            administrator,
            Optional.of(imapEnabled).filter(_ -> own.contains(AccountChange.IMAP)),
            Optional.of(popEnabled).filter(_ -> own.contains(AccountChange.POP)),
            deletedItemRetentionDays.filter(_ -> own.contains(AccountChange.DAYS)),
            plan));
  }

  private static String bit(Optional<Boolean> set) {
    return set.map(it -> it ? "1" : "0").orElse("x");
  }
}
