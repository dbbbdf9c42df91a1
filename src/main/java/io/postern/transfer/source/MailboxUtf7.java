package io.postern.transfer.source;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Names of mailboxes on the wire: modified UTF-7 (RFC 3501 §5.1.3). */
final class MailboxUtf7 {
  private MailboxUtf7() {}

  /** The name in Unicode; what is not in the encoding stays as it is. */
  static String decode(String wire) {
    var name = new StringBuilder();
    int at = 0;
    while (at < wire.length()) {
      int end = wire.charAt(at) == '&' ? wire.indexOf('-', at) : -1;
      if (end < 0) {
        name.append(wire.charAt(at++));
      } else {
        name.append(end == at + 1 ? "&" : shifted(wire.substring(at, end + 1)));
        at = end + 1;
      }
    }
    return name.toString();
  }

  private static String shifted(String wire) {
    try {
      var octets =
          Base64.getDecoder().decode(wire.substring(1, wire.length() - 1).replace(',', '/'));
      return new String(octets, StandardCharsets.UTF_16BE);
    } catch (IllegalArgumentException _) {
      // Not of the encoding: the server has sent the name as it is.
      return wire;
    }
  }
}
