package io.postern.lmtp;

/** A command line as understood. */
sealed interface LmtpCommand {
  /** Its name in upper case; {@code ?} for what is none. */
  default String verb() {
    return switch (this) {
      case Lhlo _ -> "LHLO";
      case Mail _ -> "MAIL";
      case Rcpt _ -> "RCPT";
      case Data _ -> "DATA";
      case Rset _ -> "RSET";
      case Noop _ -> "NOOP";
      case Vrfy _ -> "VRFY";
      case Help _ -> "HELP";
      case StartTls _ -> "STARTTLS";
      case Quit _ -> "QUIT";
      case Wrong _ -> "?";
    };
  }

  /** Who the peer is (RFC 2033 §4.1). */
  record Lhlo(String domain) implements LmtpCommand {}

  /** Begins mail: where it comes from, and how many octets it has if that was said, else 0. */
  record Mail(Address.Path sender, long size, boolean utf8) implements LmtpCommand {}

  /** Names a recipient. */
  record Rcpt(Address.Path recipient) implements LmtpCommand {}

  /** The message comes. */
  record Data() implements LmtpCommand {}

  /** Forgets sender and recipients. */
  record Rset() implements LmtpCommand {}

  /** Nothing. */
  record Noop() implements LmtpCommand {}

  /** Asks whether an address is one. */
  record Vrfy() implements LmtpCommand {}

  /** Asks what can be said. */
  record Help() implements LmtpCommand {}

  /** Asks for TLS (RFC 3207). */
  record StartTls() implements LmtpCommand {}

  /** Ends the session. */
  record Quit() implements LmtpCommand {}

  /** What is wrong with a line that is none of them. */
  record Wrong(LmtpReply reply) implements LmtpCommand {}
}
