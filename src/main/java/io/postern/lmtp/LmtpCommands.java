package io.postern.lmtp;

import io.postern.lmtp.LmtpCommand.Data;
import io.postern.lmtp.LmtpCommand.Help;
import io.postern.lmtp.LmtpCommand.Lhlo;
import io.postern.lmtp.LmtpCommand.Mail;
import io.postern.lmtp.LmtpCommand.Noop;
import io.postern.lmtp.LmtpCommand.Quit;
import io.postern.lmtp.LmtpCommand.Rcpt;
import io.postern.lmtp.LmtpCommand.Rset;
import io.postern.lmtp.LmtpCommand.StartTls;
import io.postern.lmtp.LmtpCommand.Vrfy;
import io.postern.lmtp.LmtpCommand.Wrong;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Parses command lines (RFC 5321 §4.1.1, RFC 2033 §4). */
final class LmtpCommands {
  private LmtpCommands() {}

  /** Parses a line without its end. */
  static LmtpCommand read(Buffer line) {
    try {
      // RFC 6531 §3.3: lines are UTF-8
      var decoder = StandardCharsets.UTF_8.newDecoder();
      return read(decoder.decode(ByteBuffer.wrap(line.getBytes())).toString().stripTrailing());
    } catch (CharacterCodingException _) {
      // The reply reports it: no part of the line is reliable.
      return new Wrong(LmtpReply.NOT_UTF8);
    }
  }

  private static LmtpCommand read(String line) {
    int space = line.indexOf(' ');
    var verb = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
    var argument = space < 0 ? "" : line.substring(space + 1).strip();
    return switch (verb) {
      case "LHLO" -> lhlo(argument);
      case "MAIL" -> mail(argument);
      case "RCPT" -> rcpt(argument);
      case "DATA" -> alone(argument, new Data());
      case "RSET" -> alone(argument, new Rset());
      case "QUIT" -> alone(argument, new Quit());
      case "STARTTLS" -> alone(argument, new StartTls());
      case "NOOP" -> new Noop();
      case "HELP" -> new Help();
      case "VRFY" -> argument.isEmpty() ? wrong("VRFY requires an address") : new Vrfy();
      // RFC 2033 §4.1: HELO and EHLO are not LMTP
      case "HELO", "EHLO" -> new Wrong(LmtpReply.NOT_LMTP);
      default -> new Wrong(LmtpReply.UNKNOWN_COMMAND);
    };
  }

  private static LmtpCommand lhlo(String argument) {
    return argument.isEmpty() ? wrong("LHLO requires the peer's domain") : new Lhlo(argument);
  }

  private static LmtpCommand alone(String argument, LmtpCommand command) {
    return argument.isEmpty() ? command : wrong("No argument is allowed");
  }

  private static LmtpCommand mail(String argument) {
    var path = path("FROM:", argument);
    if (path.isEmpty()) {
      return wrong("Syntax: MAIL FROM:<address>");
    }
    var parameters = parameters(path.get());
    long size = 0;
    boolean utf8 = false;
    var seen = new HashSet<String>();
    for (var parameter : parameters) {
      var name = name(parameter);
      var value = parameter.substring(Math.min(parameter.length(), name.length() + 1));
      if (!seen.add(name) || !understood(name, value, parameter)) {
        return refused(name);
      }
      size = name.equals("SIZE") ? size(value) : size;
      utf8 |= name.equals("SMTPUTF8");
    }
    return new Mail(path.get(), size, utf8);
  }

  private static LmtpCommand rcpt(String argument) {
    var path = path("TO:", argument);
    if (path.isEmpty() || path.get().isNull()) {
      return wrong("Syntax: RCPT TO:<address>");
    }
    var parameters = parameters(path.get());
    return parameters.isEmpty() ? new Rcpt(path.get()) : refused(name(parameters.getFirst()));
  }

  private static Optional<Address.Path> path(String prefix, String argument) {
    return argument.regionMatches(true, 0, prefix, 0, prefix.length())
        ? Address.read(argument.substring(prefix.length()).stripLeading())
        : Optional.empty();
  }

  private static List<String> parameters(Address.Path path) {
    return path.rest().isBlank() ? List.of() : List.of(path.rest().strip().split(" +"));
  }

  private static String name(String parameter) {
    int equals = parameter.indexOf('=');
    return (equals < 0 ? parameter : parameter.substring(0, equals)).toUpperCase(Locale.ROOT);
  }

  private static boolean understood(String name, String value, String parameter) {
    return switch (name) {
      // RFC 1870 §5: 1*20DIGIT
      case "SIZE" -> value.matches("[0-9]{1,20}");
      // RFC 6152 §2
      case "BODY" -> value.equalsIgnoreCase("7BIT") || value.equalsIgnoreCase("8BITMIME");
      // RFC 6531 §3.4: no value
      case "SMTPUTF8" -> parameter.length() == name.length();
      default -> false;
    };
  }

  /** RFC 5321 §4.1.1.11: 555 for an unknown parameter, 501 for one with invalid syntax. */
  private static LmtpCommand refused(String name) {
    return switch (name) {
      case "SIZE", "BODY", "SMTPUTF8" -> wrong("The parameter " + name + " is not understood");
      default -> new Wrong(LmtpReply.of(555, "5.5.4", "A parameter is not known"));
    };
  }

  /** Twenty digits may exceed a long: then the size counts as the greatest possible. */
  private static long size(String digits) {
    return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  private static Wrong wrong(String what) {
    return new Wrong(LmtpReply.badArgument(what));
  }
}
