package io.postern.sessions;

import java.util.List;
import java.util.Optional;

/** A server that runs scripts. */
interface Target extends AutoCloseable {
  /** Where it listens. */
  String host();

  /** Its IMAP port, clear text with STARTTLS. */
  int imapPort();

  /** Its POP3 port, clear text with STLS. */
  int pop3Port();

  /** Its LMTP port. */
  int lmtpPort();

  /** An unused account: an empty INBOX and the standard folders. */
  Login account();

  /** Why it cannot be set up for the script, which is then skipped; empty when it can. */
  default Optional<String> obstacle(Script script) {
    return script.settings().isEmpty() && script.given().isEmpty()
        ? Optional.empty()
        : Optional.of("this server's settings and accounts are not ours to change");
  }

  /** Puts settings in force, {@code key=value}, instead of those set before. */
  default void set(List<String> settings) {
    if (!settings.isEmpty()) {
      throw new UnsupportedOperationException("this server's settings stay as they are");
    }
  }

  /** Changes of accounts, if the server allows them. */
  default Optional<AccountSetup> accountSetup() {
    return Optional.empty();
  }

  @Override
  void close();

  /** A name and its password. */
  record Login(String name, String password) {}
}
