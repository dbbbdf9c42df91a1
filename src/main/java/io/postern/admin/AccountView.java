package io.postern.admin;

import io.postern.store.account.Access;
import io.postern.store.account.Account;

/**
 * An account as administration shows it.
 *
 * @param name its login name, lower case
 * @param enabled whether anybody may log in to it; mail still comes in
 * @param administrator whether it is an administrator's mailbox, which mail protocols don't open
 * @param imapEnabled whether IMAP opens it. Exchange: ImapEnabled
 * @param popEnabled whether POP3 opens it. Exchange: PopEnabled
 */
public record AccountView(
    String name, boolean enabled, boolean administrator, boolean imapEnabled, boolean popEnabled) {
  static AccountView of(Account account) {
    var access = account.access();
    return new AccountView(
        account.name(), access.enabled(), access.administrator(), access.imap(), access.pop());
  }

  /** Names what the account may: the same exactly when nothing of it was changed. */
  static String tag(Access access) {
    return "\"%d%d%d%d\""
        .formatted(
            bit(access.enabled()),
            bit(access.administrator()),
            bit(access.imap()),
            bit(access.pop()));
  }

  String tag() {
    return tag(new Access(enabled, administrator, imapEnabled, popEnabled));
  }

  private static int bit(boolean set) {
    return set ? 1 : 0;
  }
}
