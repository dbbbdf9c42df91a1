package io.postern.pop3;

import io.postern.store.account.Secret;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A parsed command line. */
sealed interface Pop3Command {
  /** The command's name on the wire; {@code ?} when it has none. */
  default String verb() {
    return switch (this) {
      case User _ -> "USER";
      case Pass _ -> "PASS";
      case Auth _ -> "AUTH";
      case Stls _ -> "STLS";
      case Utf8 _ -> "UTF8";
      case XClient _ -> "XCLIENT";
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

  /** Allowed in AUTHORIZATION only (RFC 1939 §4). */
  sealed interface Unauthenticated extends Pop3Command {}

  /** Allowed in TRANSACTION only (RFC 1939 §5). */
  sealed interface Mail extends Pop3Command {}

  record User(String name) implements Unauthenticated {}

  record Pass(Secret password) implements Unauthenticated {}

  /**
   * AUTH (RFC 5034 §4).
   *
   * @param mechanism empty to list the mechanisms
   * @param initialResponse decoded
   */
  record Auth(Optional<String> mechanism, Optional<Buffer> initialResponse)
      implements Unauthenticated {
    /** Omits the response, which holds a password. */
    @Override
    public String toString() {
      return "Auth[" + mechanism + "]";
    }
  }

  /** STLS (RFC 2595 §4). */
  record Stls() implements Unauthenticated {}

  /**
   * XCLIENT, by which the front end of another site hands its client over.
   *
   * @param arguments {@code NAME=value}
   */
  record XClient(List<String> arguments) implements Unauthenticated {}

  /** UTF8 (RFC 6856 §2). */
  record Utf8() implements Unauthenticated {}

  record Stat() implements Mail {}

  /** LIST: one message's size, or all. */
  record Listing(OptionalLong number) implements Mail {}

  /** UIDL: one message's unique-id, or all. */
  record Uidl(OptionalLong number) implements Mail {}

  record Retr(long number) implements Mail {}

  /** TOP: the header and so many lines of the body. */
  record Top(long number, long lines) implements Mail {}

  record Dele(long number) implements Mail {}

  record Noop() implements Mail {}

  record Rset() implements Mail {}

  record Quit() implements Pop3Command {}

  /** CAPA (RFC 2449 §5). */
  record Capa() implements Pop3Command {}

  /** LANG (RFC 6856 §3); without a range it lists the languages. */
  record Lang(Optional<String> range) implements Pop3Command {}

  /** A line that is no valid command, and why. */
  record Wrong(String why) implements Pop3Command {}
}
