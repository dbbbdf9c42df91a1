package io.postern.imap.session;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.wire.Request;
import java.util.Locale;
import java.util.Optional;

/** The result of parsing a client's request. */
sealed interface ParsedRequest {
  /** The tag of a response to a line that has none (RFC 3501 §7.1.3). */
  String NO_TAG = "*";

  /** The client's tag, or {@link #NO_TAG}. */
  String tag();

  /** A valid command. */
  record Good(String tag, Verb verb, Command command) implements ParsedRequest {}

  /** An invalid request and its problem; it has a verb when only the arguments are invalid. */
  record Broken(String tag, Optional<Verb> verb, String problem) implements ParsedRequest {}

  /** Parses a whole request. */
  static ParsedRequest command(Request request, ExtensionRegistry extensions) {
    var start = start(request, extensions);
    if (start.verb().isEmpty()) {
      return new Broken(start.tag(), start.verb(), start.problem());
    }
    var verb = start.verb().get();
    try {
      return new Good(start.tag(), verb, verb.parser().parse(start.arguments(), extensions));
    } catch (BadSyntax e) {
      return new Broken(
          start.tag(),
          start.verb(),
          verb.name() + ": " + ErrorResponses.printable(String.valueOf(e.getMessage())) + ".");
    }
  }

  /** Tag and verb of an incomplete command, and a cursor behind them. */
  record Start(String tag, Optional<Verb> verb, Arguments arguments, String problem) {}

  /** Parses tag and verb. */
  static Start start(Request request, ExtensionRegistry extensions) {
    var arguments = Arguments.of(request);
    String tag;
    try {
      tag = arguments.tag();
    } catch (BadSyntax e) {
      return new Start(NO_TAG, Optional.empty(), arguments, "A command begins with a tag.");
    }
    // An invalid character invalidates the whole tag: no client awaits a response to part of it.
    if (!arguments.atEnd() && arguments.peek() != ' ') {
      return new Start(NO_TAG, Optional.empty(), arguments, "A command begins with a tag.");
    }
    try {
      arguments.space();
      var name = arguments.verb().toUpperCase(Locale.ROOT);
      // RFC 3501 §6.4.8: UID stands before the command it alters.
      if (name.equals("UID") && arguments.trySpace()) {
        name += " " + arguments.verb().toUpperCase(Locale.ROOT);
      }
      var verb = extensions.verb(name);
      return new Start(
          tag, verb, arguments, "There is no command " + ErrorResponses.printable(name) + ".");
    } catch (BadSyntax e) {
      return new Start(
          tag,
          Optional.empty(),
          arguments,
          ErrorResponses.printable(String.valueOf(e.getMessage())) + ".");
    }
  }
}
