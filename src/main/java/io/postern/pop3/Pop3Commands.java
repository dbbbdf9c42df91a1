package io.postern.pop3;

import io.postern.pop3.Pop3Command.Auth;
import io.postern.pop3.Pop3Command.Capa;
import io.postern.pop3.Pop3Command.Dele;
import io.postern.pop3.Pop3Command.Lang;
import io.postern.pop3.Pop3Command.Listing;
import io.postern.pop3.Pop3Command.Noop;
import io.postern.pop3.Pop3Command.Pass;
import io.postern.pop3.Pop3Command.Quit;
import io.postern.pop3.Pop3Command.Retr;
import io.postern.pop3.Pop3Command.Rset;
import io.postern.pop3.Pop3Command.Stat;
import io.postern.pop3.Pop3Command.Stls;
import io.postern.pop3.Pop3Command.Top;
import io.postern.pop3.Pop3Command.Uidl;
import io.postern.pop3.Pop3Command.User;
import io.postern.pop3.Pop3Command.Utf8;
import io.postern.pop3.Pop3Command.Wrong;
import io.postern.pop3.Pop3Command.XClient;
import io.postern.store.account.Secret;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongFunction;

/** Parses command lines (RFC 1939 §3, RFC 2449 §4). */
final class Pop3Commands {
  private static final int DIGITS = 18;

  /** The commands that may be longer than the limit. */
  private static final Set<String> LONG = Set.of("AUTH", "XCLIENT");

  private Pop3Commands() {}

  /** Parses a line without its end; only AUTH and XCLIENT may be longer than the limit. */
  static Pop3Command read(Buffer line, int limit) {
    try {
      // RFC 6856 §2.2: text that is not UTF-8 is refused
      var decoder = StandardCharsets.UTF_8.newDecoder();
      var text = decoder.decode(ByteBuffer.wrap(line.getBytes())).toString();
      int space = text.indexOf(' ');
      var verb = (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
      return line.length() > limit && !LONG.contains(verb)
          ? new Wrong("A command line has at most " + limit + " octets")
          : read(verb, space < 0 ? "" : text.substring(space + 1));
    } catch (CharacterCodingException _) {
      // The response reports it: no part of the line is reliable.
      return new Wrong("The line is not UTF-8");
    }
  }

  private static Pop3Command read(String verb, String rest) {
    var words = rest.isBlank() ? List.<String>of() : List.of(rest.strip().split(" +"));
    return switch (verb) {
      case "USER" ->
          rest.isBlank() ? new Wrong("USER requires a mailbox name") : new User(rest.strip());
      // RFC 1939 §7: spaces may be part of the password
      case "PASS" ->
          rest.isEmpty() ? new Wrong("PASS requires a password") : new Pass(new Secret(rest));
      case "AUTH" -> auth(words);
      case "STLS" -> alone(words, new Stls());
      case "UTF8" -> alone(words, new Utf8());
      case "XCLIENT" -> new XClient(words);
      case "STAT" -> alone(words, new Stat());
      case "LIST" -> words.isEmpty() ? all(Listing::new) : one(words, n -> new Listing(some(n)));
      case "UIDL" -> words.isEmpty() ? all(Uidl::new) : one(words, n -> new Uidl(some(n)));
      case "RETR" -> one(words, Retr::new);
      case "DELE" -> one(words, Dele::new);
      case "TOP" -> top(words);
      case "NOOP" -> alone(words, new Noop());
      case "RSET" -> alone(words, new Rset());
      case "QUIT" -> alone(words, new Quit());
      case "CAPA" -> alone(words, new Capa());
      case "LANG" ->
          words.size() > 1
              ? new Wrong("LANG takes at most one language range")
              : new Lang(words.stream().findFirst());
      case "APOP" -> new Wrong("APOP is not supported: use AUTH, or USER and PASS");
      default -> new Wrong("There is no such command");
    };
  }

  private static Pop3Command alone(List<String> words, Pop3Command command) {
    return words.isEmpty() ? command : new Wrong("No argument is allowed");
  }

  private static Pop3Command all(java.util.function.Function<OptionalLong, Pop3Command> command) {
    return command.apply(OptionalLong.empty());
  }

  private static OptionalLong some(long number) {
    return OptionalLong.of(number);
  }

  private static Pop3Command one(List<String> words, LongFunction<Pop3Command> command) {
    var number = words.size() == 1 ? number(words.getFirst()) : OptionalLong.empty();
    return number.isPresent()
        ? command.apply(number.getAsLong())
        : new Wrong("A message number is required");
  }

  private static Pop3Command top(List<String> words) {
    var number = words.size() == 2 ? number(words.get(0)) : OptionalLong.empty();
    var lines = words.size() == 2 ? number(words.get(1)) : OptionalLong.empty();
    return number.isPresent() && lines.isPresent()
        ? new Top(number.getAsLong(), lines.getAsLong())
        : new Wrong("TOP requires a message number and a number of lines");
  }

  private static OptionalLong number(String digits) {
    boolean all = digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return all && !digits.isEmpty() && digits.length() <= DIGITS
        ? OptionalLong.of(Long.parseLong(digits))
        : OptionalLong.empty();
  }

  private static Pop3Command auth(List<String> words) {
    if (words.size() > 2) {
      return new Wrong("AUTH takes a mechanism and at most one initial response");
    }
    var mechanism = words.stream().findFirst();
    if (words.size() < 2) {
      return new Auth(mechanism, Optional.empty());
    }
    // RFC 5034 §4: "=" is a response of no octets
    var response = words.get(1).equals("=") ? Optional.of(Buffer.buffer()) : base64(words.get(1));
    return response.isPresent()
        ? new Auth(mechanism, response)
        : new Wrong("The initial response is not base64");
  }

  /** Decodes base64; empty when the text is not base64 in whole groups. */
  static Optional<Buffer> base64(String text) {
    if (text.length() % 4 != 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(Buffer.buffer(Base64.getDecoder().decode(text)));
    } catch (IllegalArgumentException _) {
      // The caller reports what it expected.
      return Optional.empty();
    }
  }
}
