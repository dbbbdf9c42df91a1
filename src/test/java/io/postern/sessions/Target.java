package io.postern.sessions;

import java.util.List;

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

  /** Whether {@link #set} can be obeyed: else scripts with settings are left out. */
  default boolean settable() {
    return false;
  }

  /** Puts settings in force, {@code key=value}, instead of those set before. */
  default void set(List<String> settings) {
    if (!settings.isEmpty()) {
      throw new UnsupportedOperationException("this server's settings stay as they are");
    }
  }

  @Override
  void close();

  /** A name and its password. */
  record Login(String name, String password) {}
}
