package io.postern.lmtp;

import io.postern.lmtp.LmtpState.Mailbox;
import io.postern.lmtp.LmtpState.Recipient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings the replies of one message, whose deliveries end in any order, into the order of its
 * recipients (RFC 2033 §4.2). Used on the connection's context only.
 */
final class OrderedReplies {
  private final List<Recipient> recipients;
  private final Map<Mailbox, LmtpReply> known = new HashMap<>();

  /** The position of the first recipient whose reply was not returned yet. */
  private int next;

  OrderedReplies(List<Recipient> recipients) {
    this.recipients = recipients;
  }

  /** The recipients, each account once: as it was named first. */
  List<Recipient> accounts() {
    var first = new LinkedHashMap<Mailbox, Recipient>();
    recipients.forEach(recipient -> first.putIfAbsent(recipient.mailbox(), recipient));
    return List.copyOf(first.values());
  }

  /**
   * Adds the reply for a mailbox.
   *
   * @return the replies that can be sent now, in order; empty while an earlier one is missing
   */
  List<LmtpReply> add(Mailbox mailbox, LmtpReply reply) {
    known.put(mailbox, reply);
    var ready = new ArrayList<LmtpReply>();
    for (var it = nextReply(); it.isPresent(); it = nextReply()) {
      ready.add(it.get());
      next++;
    }
    return ready;
  }

  private Optional<LmtpReply> nextReply() {
    return next < recipients.size()
        ? Optional.ofNullable(known.get(recipients.get(next).mailbox()))
        : Optional.empty();
  }
}
