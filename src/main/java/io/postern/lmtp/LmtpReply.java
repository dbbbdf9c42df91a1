package io.postern.lmtp;

import java.util.List;

/**
 * A reply: its code, for 2yz, 4yz and 5yz mostly with an enhanced one, and lines of text.
 *
 * @param code three digits (RFC 5321 §4.2)
 * @param enhanced {@code class.subject.detail} (RFC 3463), empty for none
 * @param lines at least one, ASCII, without line ends
 */
record LmtpReply(int code, String enhanced, List<String> lines) {
  static final LmtpReply OK = of(250, "2.0.0", "OK");
  static final LmtpReply BYE = of(221, "2.0.0", "Bye");
  static final LmtpReply SENDER_OK = of(250, "2.1.0", "Sender OK");
  static final LmtpReply RECIPIENT_OK = of(250, "2.1.5", "Recipient OK");
  static final LmtpReply DELIVERED = of(250, "2.1.5", "Delivered");
  static final LmtpReply GO_AHEAD = plain(354, "End data with <CR><LF>.<CR><LF>");
  static final LmtpReply READY_FOR_TLS = of(220, "2.0.0", "Ready to start TLS");
  static final LmtpReply NOT_VERIFIED =
      of(252, "2.0.0", "Not verified; name the address as a recipient to find out");
  static final LmtpReply HELP =
      of(214, "2.0.0", "LMTP (RFC 2033): LHLO MAIL RCPT DATA RSET NOOP QUIT VRFY HELP STARTTLS");

  static final LmtpReply UNKNOWN_COMMAND = of(500, "5.5.1", "Command not recognized");
  static final LmtpReply NOT_LMTP = of(500, "5.5.1", "This is LMTP: use LHLO");
  static final LmtpReply NOT_UTF8 = of(500, "5.5.2", "The line is not UTF-8");
  static final LmtpReply NO_TLS = of(502, "5.5.1", "TLS is not available");
  static final LmtpReply TLS_ALREADY = of(503, "5.5.1", "TLS is already active");
  static final LmtpReply LHLO_FIRST = of(503, "5.5.1", "Send LHLO first");
  static final LmtpReply MAIL_FIRST = of(503, "5.5.1", "Send MAIL first");
  static final LmtpReply NESTED_MAIL = of(503, "5.5.1", "A mail transaction is already open");
  static final LmtpReply NO_RECIPIENTS = of(503, "5.5.1", "No valid recipients");
  static final LmtpReply TLS_FIRST = of(530, "5.7.0", "Send STARTTLS first");
  static final LmtpReply CERTIFICATE_FIRST =
      of(451, "4.7.0", "Connect again and present a client certificate");
  static final LmtpReply NO_SUCH_USER = of(550, "5.1.1", "No such user here");
  static final LmtpReply DISABLED = of(550, "5.2.1", "The mailbox is disabled");
  static final LmtpReply TOO_MANY_RECIPIENTS = of(452, "4.5.3", "Too many recipients");
  static final LmtpReply OVER_QUOTA = of(452, "4.2.2", "The mailbox is full");
  static final LmtpReply TRY_LATER = of(451, "4.3.0", "Try again later");
  static final LmtpReply UNAVAILABLE = of(451, "4.3.2", "Try again later");
  static final LmtpReply WANTS_UTF8 = of(553, "5.6.7", "The address needs SMTPUTF8 at MAIL");

  LmtpReply {
    lines = List.copyOf(lines);
  }

  static LmtpReply of(int code, String enhanced, String text) {
    return new LmtpReply(code, enhanced, List.of(text));
  }

  static LmtpReply plain(int code, String... lines) {
    return new LmtpReply(code, "", List.of(lines));
  }

  /** The argument of a command does not match its grammar. */
  static LmtpReply badArgument(String what) {
    return of(501, "5.5.4", what);
  }

  /** RFC 1870 §6.1: the message exceeds the size limit. */
  static LmtpReply tooBig(long limit) {
    return of(552, "5.3.4", "A message has at most " + limit + " octets");
  }

  /**
   * Whether the peer broke the protocol, rather than asked for something unavailable. A 503 does
   * not count: with PIPELINING every command after a refused MAIL is out of sequence.
   */
  boolean protocolError() {
    return (code >= 500 && code <= 502) || code == 555;
  }

  /** The octets to send, with line ends. */
  String text() {
    var text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      // RFC 5321 §4.2.1: all lines but the last have a hyphen behind the code
      text.append(code).append(i < lines.size() - 1 ? '-' : ' ');
      // RFC 2034 §3: the enhanced code begins the text of every line
      text.append(enhanced).append(enhanced.isEmpty() ? "" : " ");
      text.append(lines.get(i)).append("\r\n");
    }
    return text.toString();
  }
}
