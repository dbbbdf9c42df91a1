package io.postern.lmtp;

import io.postern.model.Ids.AccountId;
import io.postern.store.account.Account;
import java.util.ArrayList;
import java.util.List;

/** State of an LMTP session (RFC 2033 §4, RFC 5321 §4.1.4). */
sealed interface LmtpState {
  /** The peer was greeted, or has just started TLS: LHLO must follow. */
  record Greeted() implements LmtpState {}

  /** LHLO was received: mail may begin. */
  record Ready() implements LmtpState {}

  /**
   * Mail has begun.
   *
   * @param sender the sender's address as written; empty for a notification
   * @param utf8 whether addresses may be international (RFC 6531 §3.4)
   * @param recipients the accepted recipients, in the order of RCPT
   */
  record Envelope(String sender, boolean utf8, List<Recipient> recipients) implements LmtpState {
    public Envelope {
      recipients = List.copyOf(recipients);
    }

    /** Number of different accounts among the recipients. */
    int accounts() {
      return (int) recipients.stream().map(Recipient::mailbox).distinct().count();
    }

    /** A copy with one recipient more. */
    Envelope with(Recipient recipient) {
      var all = new ArrayList<>(recipients);
      all.add(recipient);
      return new Envelope(sender, utf8, all);
    }
  }

  /** The session is over. */
  record Closed() implements LmtpState {}

  /** Where the INBOX is that receives the mail. */
  sealed interface Mailbox {
    /** At this site. */
    record Here(AccountId account) implements Mailbox {}

    /**
     * At another site.
     *
     * @param name the account's login name
     */
    record Elsewhere(String site, String name) implements Mailbox {}
  }

  /**
   * An accepted recipient.
   *
   * @param mailbox of the account
   * @param address as it was written
   */
  record Recipient(Mailbox mailbox, String address) {
    static Recipient of(Account account, String address) {
      return new Recipient(
          account
              .elsewhere()
              .<Mailbox>map(home -> new Mailbox.Elsewhere(home.site(), account.name()))
              .orElseGet(() -> new Mailbox.Here(account.id())),
          address);
    }
  }
}
