package io.postern.pop3;

import io.postern.store.account.Secret;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.OptionalLong;

/** A command line as understood. */
sealed interface Pop3Command {
  /** Its name on the wire; {@code ?} when it has none. */
  default String verb() {
    return switch (this) {
      case User _ -> "USER";
      case Pass _ -> "PASS";
      case Auth _ -> "AUTH";
      case Stls _ -> "STLS";
      case Utf8 _ -> "UTF8";
      case Stat _ -> "STAT";
      case Listing _ -> "LIST";
      case Uidl _ -> "UIDL";
      case Retr _ -> "RETR";
      case Top _ -> "TOP";
      case Dele _ -> "DELE";
      case Noop _ -> "NOOP";
      case Rset _ -> "RSET";
      case Quit _ -> "QUIT";
      case Capa _ -> "CAPA";
      case Lang _ -> "LANG";
      case Wrong _ -> "?";
    };
  }

  /** In AUTHORIZATION only (RFC 1939 §4). */
  sealed interface Unauthenticated extends Pop3Command {}

  /** In TRANSACTION only (RFC 1939 §5). */
  sealed interface Mail extends Pop3Command {}

  record User(String name) implements Unauthenticated {}

  record Pass(Secret password) implements Unauthenticated {}

  /**
   * RFC 5034 §4.
   *
   * @param mechanism empty to be told which there are
   * @param initialResponse decoded
   */
  record Auth(Optional<String> mechanism, Optional<Buffer> initialResponse)
      implements Unauthenticated {
    /** Without the response, which holds a password. */
    @Override
    public String toString() {
      return "Auth[" + mechanism + "]";
    }
  }

  /** RFC 2595 §4. */
  record Stls() implements Unauthenticated {}

  /** RFC 6856 §2. */
  record Utf8() implements Unauthenticated {}

  record Stat() implements Mail {}

  /** One message's size, or all. */
  record Listing(OptionalLong number) implements Mail {}

  /** One message's unique-id, or all. */
  record Uidl(OptionalLong number) implements Mail {}

  record Retr(long number) implements Mail {}

  /** The header and so many lines of the body. */
  record Top(long number, long lines) implements Mail {}

  record Dele(long number) implements Mail {}

  record Noop() implements Mail {}

  record Rset() implements Mail {}

  record Quit() implements Pop3Command {}

  /** RFC 2449 §5. */
  record Capa() implements Pop3Command {}

  /** RFC 6856 §3; without a range the languages are listed. */
  record Lang(Optional<String> range) implements Pop3Command {}

  /** What is wrong with a line that is none of them. */
  record Wrong(String why) implements Pop3Command {}
}
