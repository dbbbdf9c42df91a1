package io.postern.lmtp;

/** A parsed command line. */
sealed interface LmtpCommand {
  /** The command's name in upper case; {@code ?} for an invalid line. */
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

  /** LHLO: identifies the peer (RFC 2033 §4.1). */
  record Lhlo(String domain) implements LmtpCommand {}

  /** MAIL: begins mail with its sender and its declared octets, 0 if none are declared. */
  record Mail(Address.Path sender, long size, boolean utf8) implements LmtpCommand {}

  /** RCPT: names a recipient. */
  record Rcpt(Address.Path recipient) implements LmtpCommand {}

  /** DATA: the message follows. */
  record Data() implements LmtpCommand {}

  /** RSET: discards sender and recipients. */
  record Rset() implements LmtpCommand {}

  /** NOOP: does nothing. */
  record Noop() implements LmtpCommand {}

  /** VRFY: asks whether an address exists. */
  record Vrfy() implements LmtpCommand {}

  /** HELP: asks for the commands. */
  record Help() implements LmtpCommand {}

  /** STARTTLS: asks for TLS (RFC 3207). */
  record StartTls() implements LmtpCommand {}

  /** QUIT: ends the session. */
  record Quit() implements LmtpCommand {}

  /** A line that is no valid command, and the reply to it. */
  record Wrong(LmtpReply reply) implements LmtpCommand {}
}
