package io.postern.mime;

import io.postern.mime.header.HeaderScan;
import io.postern.mime.header.KeptField;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The envelope of a message (RFC 3501 §7.4.2). Strings hold octets as chars 0 to 255, unfolded, as
 * the header has them: encoded words are not decoded. A field that is absent is an absent string,
 * one that is empty an empty string.
 */
public record Envelope(
    Optional<String> date,
    Optional<String> subject,
    List<Address> from,
    List<Address> sender,
    List<Address> replyTo,
    List<Address> to,
    List<Address> cc,
    List<Address> bcc,
    Optional<String> inReplyTo,
    Optional<String> messageId) {
  /**
   * One entry of an envelope's address list (RFC 3501 §7.4.2). Strings hold octets as chars 0 to
   * 255, as the header has them: encoded words are not decoded.
   *
   * @param name the personal name
   * @param route the source route, e.g. {@code @a,@b}
   * @param mailbox the local part, quotes taken off; of a group's start the group's name
   * @param host the domain; empty text when the address has none, absent for a group's two markers
   */
  public record Address(
      Optional<String> name,
      Optional<String> route,
      Optional<String> mailbox,
      Optional<String> host) {
    /** The end of a group. */
    public static final Address GROUP_END =
        new Address(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The start of a group. */
    public static Address groupStart(String name) {
      return new Address(Optional.empty(), Optional.empty(), Optional.of(name), Optional.empty());
    }

    /** An address; an empty name or route counts as none. */
    public static Address of(String name, String route, String mailbox, String host) {
      return new Address(
          Optional.of(name).filter(n -> !n.isEmpty()),
          Optional.of(route).filter(r -> !r.isEmpty()),
          Optional.of(mailbox),
          Optional.of(host));
    }
  }

  public Envelope {
    from = List.copyOf(from);
    sender = List.copyOf(sender);
    replyTo = List.copyOf(replyTo);
    to = List.copyOf(to);
    cc = List.copyOf(cc);
    bcc = List.copyOf(bcc);
  }

  static Envelope of(HeaderScan header) {
    var from = addresses(header, KeptField.FROM);
    return new Envelope(
        header.value(KeptField.DATE),
        header.value(KeptField.SUBJECT),
        from,
        orElse(addresses(header, KeptField.SENDER), from),
        orElse(addresses(header, KeptField.REPLY_TO), from),
        addresses(header, KeptField.TO),
        addresses(header, KeptField.CC),
        addresses(header, KeptField.BCC),
        header.value(KeptField.IN_REPLY_TO),
        header.value(KeptField.MESSAGE_ID));
  }

  private static List<Address> addresses(HeaderScan header, KeptField field) {
    var addresses = new ArrayList<Address>();
    for (var value : header.values(field)) {
      addresses.addAll(AddressList.parse(value));
    }
    return addresses;
  }

  // RFC 3501 §7.4.2: Sender and Reply-To are never NIL when there is a From
  private static List<Address> orElse(List<Address> given, List<Address> from) {
    return given.isEmpty() ? from : given;
  }

  /** Most octets of the wire form's address lists, not counting the last address. */
  static final int MAX_LISTS = 128 * 1024;

  /** An envelope whose fields are all NIL. */
  static Buffer omitted() {
    return Buffer.buffer("(" + "NIL ".repeat(9) + "NIL)");
  }

  /**
   * The wire form, parentheses included. Omits addresses beyond {@link #MAX_LISTS}; the header scan
   * limits the other texts.
   */
  public Buffer wire() {
    var out = new WireText();
    out.raw("(").nstring(date).raw(" ").nstring(subject);
    int end = out.length() + MAX_LISTS;
    for (var list : List.of(from, sender, replyTo, to, cc, bcc)) {
      out.raw(" ");
      write(out, list, end);
    }
    out.raw(" ").nstring(inReplyTo).raw(" ").nstring(messageId).raw(")");
    return out.buffer();
  }

  private static void write(WireText out, List<Address> addresses, int end) {
    if (addresses.isEmpty() || out.length() >= end) {
      out.raw("NIL");
      return;
    }
    out.raw("(");
    for (var address : addresses) {
      if (out.length() >= end) {
        break;
      }
      out.raw("(").nstring(address.name()).raw(" ").nstring(address.route());
      out.raw(" ").nstring(address.mailbox()).raw(" ").nstring(address.host()).raw(")");
    }
    out.raw(")");
  }
}
