package io.postern.imap.session;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.wire.Request;
import java.util.Optional;

/** The result of parsing a client's request. */
sealed interface ParsedRequest {
  /** The tag of a response to a line that has none (RFC 3501 §7.1.3). */
  String NO_TAG = "*";

  /** A valid command. */
  record Good(Verb verb, Command command) implements ParsedRequest {}

  /** An invalid request; it has a verb when only the arguments are invalid. */
  record Broken(Optional<Verb> verb, Outcome.Bad outcome) implements ParsedRequest {}

  /** Parses the arguments behind a tag and a verb. */
  static ParsedRequest arguments(Start start, CommandContext context, ExtensionRegistry registry) {
    if (start.verb().isEmpty()) {
      return new Broken(start.verb(), Outcome.bad(start.problem()));
    }
    var verb = start.verb().get();
    try {
      return new Good(verb, verb.parser().parse(start.arguments(), context, registry));
    } catch (BadSyntax e) {
      var problem = verb.name() + ": " + e.getMessage() + ".";
      return new Broken(
          start.verb(),
          e.code().map(code -> Outcome.bad(code, problem)).orElseGet(() -> Outcome.bad(problem)));
    }
  }

  /**
   * Tag and verb of a command that may be incomplete, and a cursor behind them.
   *
   * @param tag the client's tag, or {@link #NO_TAG}
   * @param problem what is wrong if there is no verb
   */
  record Start(String tag, Optional<Verb> verb, Arguments arguments, String problem) {
    /** The verb's name as in the catalogue; {@code ?} without one. */
    String name() {
      return verb.map(Verb::name).orElse("?");
    }
  }

  /**
   * Parses tag and verb.
   *
   * @param utf8Names whether mailbox names are read as UTF-8
   */
  static Start start(Request request, ExtensionRegistry extensions, boolean utf8Names) {
    var arguments = Arguments.of(request).utf8Names(utf8Names);
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
      var name = arguments.verb();
      // RFC 3501 §6.4.8: UID stands before the command it alters.
      if (name.equals("UID") && arguments.trySpace()) {
        name = "UID " + arguments.verb();
      }
      return new Start(tag, extensions.verb(name), arguments, "There is no command " + name + ".");
    } catch (BadSyntax e) {
      return new Start(tag, Optional.empty(), arguments, e.getMessage() + ".");
    }
  }
}
