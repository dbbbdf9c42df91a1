package io.postern.observe.log;

import io.postern.wire.Literal;
import io.postern.wire.Request;
import io.postern.wire.transport.SessionRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * What may be shown of a command. Only what is known to be harmless is: a client that mistypes a
 * command, or says its password where a name belongs, must not find it in a log.
 *
 * @param parameters what follows the command, as far as it may be shown
 * @param octets how long the command was, its literals included
 */
record RedactedCommand(String parameters, long octets) {
  /** Stands for what is not shown. */
  static final String HIDDEN = "*****";

  /** A line is cut here, UTF-16 units. */
  static final int LONGEST = 1_024;

  /** What says who one is; of AUTHENTICATE and AUTH only the mechanism is shown. */
  private static final Set<String> SECRETS = Set.of("LOGIN", "PASS", "APOP", "XOAUTH2");

  private static final Set<String> MECHANISM = Set.of("AUTHENTICATE", "AUTH");

  private static final Set<String> GUESTS =
      Set.of("ID", "CAPABILITY", "STARTTLS", "LOGOUT", "NOOP", "CAPA", "STLS", "QUIT", "USER");

  /** What may be shown of it. */
  static RedactedCommand of(String protocol, boolean loggedIn, SessionRegistry.CommandRecord ran) {
    var words = words(ran.request()).split(" ", protocol.equals("imap") ? 3 : 2);
    var rest = words[words.length - 1];
    boolean bare = words.length < (protocol.equals("imap") ? 3 : 2);
    var command = ran.command().replaceFirst("^UID ", "").toUpperCase(Locale.ROOT);
    return new RedactedCommand(bare ? "" : shown(command, loggedIn, rest), octets(ran.request()));
  }

  private static String shown(String command, boolean loggedIn, String rest) {
    if (MECHANISM.contains(command)) {
      return rest.contains(" ") ? rest.substring(0, rest.indexOf(' ')) + " " + HIDDEN : rest;
    }
    boolean harmless =
        !command.equals("?")
            && !SECRETS.contains(command)
            && (loggedIn || GUESTS.contains(command));
    if (!harmless) {
      return HIDDEN;
    }
    return rest.length() <= LONGEST ? rest : rest.substring(0, LONGEST) + "...";
  }

  /** The text of the command; of a literal only its size, which the text itself gives. */
  private static String words(Request request) {
    var all = new StringBuilder();
    for (var text : request.texts()) {
      if (all.length() <= LONGEST) {
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
