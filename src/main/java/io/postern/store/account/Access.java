package io.postern.store.account;

import io.postern.model.MailProtocol;

/**
 * What an account may do.
 *
 * @param enabled whether it is in use: a disabled one accepts no logins and no mail
 * @param administrator whether it is an administrator's mailbox, which mail protocols don't open
 * @param imap whether IMAP opens it. Exchange: ImapEnabled
 * @param pop whether POP3 opens it. Exchange: PopEnabled
 */
public record Access(boolean enabled, boolean administrator, boolean imap, boolean pop) {
  /** What a new account may do. */
  public static final Access OF_NEW = new Access(true, false, true, true);

  /** Whether a protocol opens it, if it is enabled; LMTP only adds mail. */
  public boolean opens(MailProtocol protocol) {
    return switch (protocol) {
      case IMAP -> imap;
      case POP3 -> pop;
      case LMTP -> true;
    };
  }

  /** The same, enabled or not. */
  public Access withEnabled(boolean now) {
    return new Access(now, administrator, imap, pop);
  }

  /** The same, an administrator's or not. */
  public Access withAdministrator(boolean now) {
    return new Access(enabled, now, imap, pop);
  }

  /** The same, with IMAP or without. */
  public Access withImap(boolean now) {
    return new Access(enabled, administrator, now, pop);
  }

  /** The same, with POP3 or without. */
  public Access withPop(boolean now) {
    return new Access(enabled, administrator, imap, now);
  }
}
