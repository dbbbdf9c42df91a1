package io.postern.admin.account;

import io.postern.admin.Tagged;
import io.postern.store.account.Access;
import io.postern.store.account.Account;

/**
 * An account as the administration API shows it.
 *
 * @param name its login name, lower case
 * @param enabled whether users may log in to it; mail is delivered to it in any case
 * @param administrator whether it is an administrator's account, which mail protocols do not open
 * @param imapEnabled whether IMAP may open it. Exchange: ImapEnabled
 * @param popEnabled whether POP3 may open it. Exchange: PopEnabled
 */
public record AccountView(
    String name, boolean enabled, boolean administrator, boolean imapEnabled, boolean popEnabled)
    implements Tagged {
  static AccountView of(Account account) {
    var access = account.access();
    return new AccountView(
        account.name(), access.enabled(), access.administrator(), access.imap(), access.pop());
  }

  /** Returns the entity tag, which changes exactly when one of the rights changes. */
  static String tag(Access access) {
    return "\"%d%d%d%d\""
        .formatted(
            bit(access.enabled()),
            bit(access.administrator()),
            bit(access.imap()),
            bit(access.pop()));
  }

  @Override
  public String tag() {
    return tag(new Access(enabled, administrator, imapEnabled, popEnabled));
  }

  private static int bit(boolean set) {
    return set ? 1 : 0;
  }
}
