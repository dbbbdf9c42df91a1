package io.postern.observe.protocol;

import io.postern.model.MailProtocol;
import io.postern.wire.Literal;
import io.postern.wire.Request;
import io.postern.wire.registry.CommandRecord;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * The part of a command that may be logged: only what is known to be harmless. A client may mistype
 * a command or send its password in place of a name, and the log must not hold either.
 *
 * @param parameters what follows the command name, redacted
 * @param octets the length of the command, including its literals
 */
record RedactedCommand(String parameters, long octets) {
  /** Replaces what is redacted. */
  static final String HIDDEN = "*****";

  /** The longest parameters, in UTF-16 units; the rest is cut off. */
  static final int MAX_LENGTH = 1_024;

  /** Commands with credentials; of AUTHENTICATE and AUTH only the mechanism is shown. */
  private static final Set<String> SECRETS = Set.of("LOGIN", "PASS", "APOP", "XOAUTH2");

  private static final Set<String> MECHANISM = Set.of("AUTHENTICATE", "AUTH");

  private static final Set<String> UNAUTHENTICATED =
      Set.of("ID", "CAPABILITY", "STARTTLS", "LOGOUT", "NOOP", "CAPA", "STLS", "QUIT", "USER");

  /** Redacts a command. */
  static RedactedCommand of(MailProtocol protocol, boolean loggedIn, CommandRecord ran) {
    int parts =
        switch (protocol) {
          case IMAP -> 3; // tag, command and parameters
          case POP3, LMTP -> 2;
        };
    var words = words(ran.request()).split(" ", parts);
    var rest = words[words.length - 1];
    boolean bare = words.length < parts;
    var command = ran.command().replaceFirst("^UID ", "").toUpperCase(Locale.ROOT);
    return new RedactedCommand(
        bare ? "" : redacted(command, loggedIn, rest), octets(ran.request()));
  }

  private static String redacted(String command, boolean loggedIn, String rest) {
    if (MECHANISM.contains(command)) {
      return rest.contains(" ") ? rest.substring(0, rest.indexOf(' ')) + " " + HIDDEN : rest;
    }
    boolean harmless =
        !command.equals("?")
            && !SECRETS.contains(command)
            && (loggedIn || UNAUTHENTICATED.contains(command));
    if (!harmless) {
      return HIDDEN;
    }
    return rest.length() <= MAX_LENGTH ? rest : rest.substring(0, MAX_LENGTH) + "...";
  }

  /** The text of the command; of a literal only its size, which the text itself states. */
  private static String words(Request request) {
    var all = new StringBuilder();
    for (var text : request.texts()) {
      if (all.length() <= MAX_LENGTH) {
        all.append(text.getString(0, text.length(), StandardCharsets.ISO_8859_1.name()));
      }
    }
    return all.toString().replaceAll("\\p{Cntrl}", "?");
  }

  private static long octets(Request request) {
    long octets = 0;
    for (var text : request.texts()) {
      octets += text.length();
    }
    for (var literal : request.literals()) {
      octets +=
          switch (literal) {
            case Literal.Held(var bytes) -> bytes.length();
            case Literal.Spooled(_, long size) -> size;
          };
    }
    return octets;
  }
}
