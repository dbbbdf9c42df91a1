package io.postern.sessions;

import java.util.List;
import java.util.Optional;

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

  /** Why it cannot be set up as the script wants it, which is left out then; empty when it can. */
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

  /** Who changes accounts beside the protocols, if that can be done here. */
  default Optional<Clerk> clerk() {
    return Optional.empty();
  }

  @Override
  void close();

  /** A name and its password. */
  record Login(String name, String password) {}
}
