package io.postern.lmtp;

import io.postern.model.Ids.AccountId;
import java.util.ArrayList;
import java.util.List;

/** Where a session stands (RFC 2033 §4, RFC 5321 §4.1.4). */
sealed interface LmtpState {
  /** The peer was greeted, or has just started TLS: LHLO is due. */
  record Greeted() implements LmtpState {}

  /** The peer has said who it is: mail may begin. */
  record Ready() implements LmtpState {}

  /**
   * Mail has begun.
   *
   * @param sender the address that mail comes from, as it was written; empty of a notification
   * @param utf8 whether addresses may be international (RFC 6531 §3.4)
   * @param recipients those taken so far, in the order of RCPT
   */
  record Envelope(String sender, boolean utf8, List<Recipient> recipients) implements LmtpState {
    public Envelope {
      recipients = List.copyOf(recipients);
    }

    /** How many accounts the recipients are. */
    int accounts() {
      return (int) recipients.stream().map(Recipient::account).distinct().count();
    }

    /** With one recipient more. */
    Envelope with(Recipient recipient) {
      var all = new ArrayList<>(recipients);
      all.add(recipient);
      return new Envelope(sender, utf8, all);
    }
  }

  /** It is over. */
  record Closed() implements LmtpState {}

  /**
   * A recipient that was taken.
   *
   * @param account whose INBOX the mail goes to
   * @param address as it was written
   */
  record Recipient(AccountId account, String address) {}
}
