package io.postern.imap.command;

import io.postern.mime.Envelope;
import io.postern.mime.Envelope.Address;
import io.postern.mime.header.SentTime;
import io.postern.mime.text.HeaderText;
import io.postern.mime.text.StrippedSubject;
import io.postern.model.message.InternalDate;
import java.util.List;
import java.util.Optional;

/** What SORT compares messages by (RFC 5256 §3, RFC 5957 §4). */
enum SortKey {
  ARRIVAL,
  CC,
  DATE,
  DISPLAYFROM,
  DISPLAYTO,
  FROM,
  /** Of a fuzzy search (RFC 6203 §6). */
  RELEVANCY,
  SIZE,
  SUBJECT,
  TO;

  /** Whether it is a number rather than a text. */
  boolean isNumber() {
    return this == ARRIVAL || this == DATE || this == SIZE || this == RELEVANCY;
  }

  /** Whether it is known without the content. */
  boolean isInIndex() {
    return this == ARRIVAL || this == SIZE || this == RELEVANCY;
  }

  /** A text of the envelope; empty when the field is absent. */
  String text(Envelope envelope) {
    return switch (this) {
      case CC -> mailbox(envelope.cc());
      case FROM -> mailbox(envelope.from());
      case TO -> mailbox(envelope.to());
      case DISPLAYFROM -> display(envelope.from());
      case DISPLAYTO -> display(envelope.to());
      case SUBJECT -> envelope.subject().map(it -> StrippedSubject.of(it).text()).orElse("");
      case ARRIVAL, DATE, RELEVANCY, SIZE -> throw new IllegalStateException(this + " is a number");
    };
  }

  private static String mailbox(List<Address> addresses) {
    return addresses.stream().findFirst().flatMap(Address::mailbox).orElse("");
  }

  /** RFC 5957 §3 */
  private static String display(List<Address> addresses) {
    var first = addresses.stream().findFirst();
    return first
        .flatMap(Address::name)
        .map(HeaderText::decode)
        .filter(name -> !name.isEmpty())
        .orElseGet(() -> first.map(SortKey::address).orElse(""));
  }

  private static String address(Address address) {
    var host = address.host().filter(it -> !it.isEmpty()).map(it -> "@" + it).orElse("");
    return address.mailbox().map(mailbox -> mailbox + host).orElse("");
  }

  /** The sent date in epoch seconds (RFC 5256 §2.2). */
  static long sent(Optional<Envelope> envelope, InternalDate internalDate) {
    var date = envelope.flatMap(Envelope::date);
    return date.isEmpty()
        ? internalDate.epochSecond()
        : SentTime.parse(date.get()).orElse(internalDate.epochSecond());
  }
}
