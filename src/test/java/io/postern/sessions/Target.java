package io.postern.sessions;

/** A server that scripts are played on. */
interface Target extends AutoCloseable {
  /** Where it listens. */
  String host();

  /** Its IMAP port, clear text with STARTTLS. */
  int imapPort();

  /** Its POP3 port, clear text with STLS. */
  int pop3Port();

  /** Its LMTP port. */
  int lmtpPort();

  /** An account that nobody has used: INBOX empty, the standard folders there. */
  Login account();

  @Override
  void close();

  /** A name and its password. */
  record Login(String name, String password) {}
}
