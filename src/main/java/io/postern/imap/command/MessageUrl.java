package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.model.MailboxName;
import io.postern.model.Uid;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A URL of a message of this account, or of a part of it (RFC 2192, RFC 5092), relative to the
 * server: {@code /Drafts;UIDVALIDITY=1/;UID=3/;SECTION=1.2}; or relative to the selected mailbox:
 * {@code ;UID=3}.
 *
 * @param mailbox empty for the selected one
 * @param item {@code BODY} of the section
 */
record MessageUrl(
    Optional<MailboxName> mailbox, OptionalLong uidValidity, long uid, FetchSection item) {

  private static final String UID = ";UID=";
  private static final String UID_VALIDITY = ";UIDVALIDITY=";
  private static final String SECTION = "/;SECTION=";
  private static final String PARTIAL = "/;PARTIAL=";

  /** Parses a URL; empty when it is of another form. */
  static Optional<MessageUrl> parse(String url) {
    var capitals = url.toUpperCase(Locale.ROOT);
    int uidAt = capitals.indexOf(UID);
    if (uidAt < 0 || capitals.length() != url.length()) {
      return Optional.empty();
    }
    int end = endOf(capitals, uidAt + UID.length());
    try {
      var place = url.substring(0, uidAt);
      var item = item(url.substring(end), capitals.substring(end));
      var uid = number(url.substring(uidAt + UID.length(), end));
      return uid.isPresent() && item.isPresent()
          ? of(place, uid.getAsLong(), item.get())
          : Optional.empty();
    } catch (BadSyntax _) {
      return Optional.empty();
    }
  }

  private static Optional<MessageUrl> of(String place, long uid, FetchSection item) {
    if (place.isEmpty() || place.equals("/")) {
      return Optional.of(new MessageUrl(Optional.empty(), OptionalLong.empty(), uid, item));
    }
    if (!place.startsWith("/") || !place.endsWith("/") || place.startsWith("//")) {
      return Optional.empty();
    }
    var path = place.substring(1, place.length() - 1);
    int at = path.toUpperCase(Locale.ROOT).indexOf(UID_VALIDITY);
    var uidValidity = at < 0 ? OptionalLong.empty() : number(path.substring(at + 13));
    if (at >= 0 && uidValidity.isEmpty()) {
      return Optional.empty();
    }
    return decoded(at < 0 ? path : path.substring(0, at))
        .filter(name -> MailboxName.problem(name).isEmpty())
        .map(name -> new MessageUrl(Optional.of(new MailboxName(name)), uidValidity, uid, item));
  }

  /** The end of the digits that begin there. */
  private static int endOf(String url, int from) {
    int end = from;
    while (end < url.length() && Character.digit(url.charAt(end), 10) >= 0) {
      end++;
    }
    return end;
  }

  private static OptionalLong number(String digits) {
    try {
      long number = Long.parseLong(digits);
      boolean valid = endOf(digits, 0) == digits.length() && number >= 1 && number <= Uid.MAX;
      return valid ? OptionalLong.of(number) : OptionalLong.empty();
    } catch (NumberFormatException _) {
      return OptionalLong.empty();
    }
  }

  /** What follows the UID: a section, a range of it, or nothing. */
  private static Optional<FetchSection> item(String rest, String capitals) throws BadSyntax {
    int partialAt = capitals.indexOf(PARTIAL);
    var sectionPart = partialAt < 0 ? rest : rest.substring(0, partialAt);
    boolean hasSection = capitals.startsWith(SECTION) && sectionPart.length() > SECTION.length();
    if (!hasSection && !sectionPart.isEmpty()) {
      return Optional.empty();
    }
    var section = hasSection ? decoded(sectionPart.substring(SECTION.length())) : Optional.of("");
    var partial = partialAt < 0 ? "" : "<" + rest.substring(partialAt + PARTIAL.length()) + ">";
    if (section.isEmpty() || !isLatin1(section.get() + partial)) {
      return Optional.empty();
    }
    var in = Arguments.of("[" + section.get() + "]" + partial);
    var item = FetchSection.read(in, true);
    in.end();
    return Optional.of(item);
  }

  private static boolean isLatin1(String text) {
    return text.chars().allMatch(c -> c > 0 && c < 0x80);
  }

  /** The text with each {@code %HH} made the octet of UTF-8 it stands for; empty if it is none. */
  private static Optional<String> decoded(String text) {
    var octets = new ByteArrayOutputStream(text.length());
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '%') {
        int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        int low = at + 2 < text.length() ? Character.digit(text.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
          return Optional.empty();
        }
        octets.write(high << 4 | low);
        at += 2;
      } else {
        octets.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    try {
      var decoder = StandardCharsets.UTF_8.newDecoder();
      return Optional.of(decoder.decode(ByteBuffer.wrap(octets.toByteArray())).toString());
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }
}
