package io.postern.imap.spi;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.selected.Updates;
import io.postern.wire.Request;
import io.smallrye.mutiny.Uni;
import java.util.function.Function;

/**
 * A command's name and the rules by which the session runs it.
 *
 * @param name in capitals; of a UID verb both words, {@code UID FETCH}
 * @param updates which changes of the selected mailbox may be sent before its tagged line
 * @param resync whether the session reads the mailbox's state before updates, even without a hint
 * @param literals how its literals are treated
 * @param mayBeLong whether it may have more octets than others before login
 * @param parser parses the arguments
 */
public record Verb(
    String name,
    Updates.Scope updates,
    boolean resync,
    Literals literals,
    boolean mayBeLong,
    Parser parser) {

  /** Parses the arguments behind the verb; the space before them is not read yet. */
  @FunctionalInterface
  public interface Parser {
    /**
     * Parses them.
     *
     * @param registry has what extensions add to the command
     */
    Command parse(Arguments arguments, CommandContext context, ExtensionRegistry registry)
        throws BadSyntax;
  }

  /** A parser that looks up nothing that extensions add. */
  @FunctionalInterface
  public interface ContextParser {
    Command parse(Arguments arguments, CommandContext context) throws BadSyntax;
  }

  /** A parser that needs no context. */
  @FunctionalInterface
  public interface PlainParser {
    Command parse(Arguments arguments) throws BadSyntax;
  }

  /** Decides on a literal that is not simply held in memory. */
  @FunctionalInterface
  public interface Literals {
    /** Holds all literals, up to the limit of a command. */
    Literals HELD = (_, _, _, _) -> new LiteralDecision.Hold().now();

    /**
     * Called at a literal's head; the session limits the size of held literals afterwards.
     *
     * @param soFar behind the verb; it ends where the literal will be
     * @param registry has what extensions add to the command
     */
    Uni<LiteralDecision> decide(
        CommandContext context, Arguments soFar, Request.Head head, ExtensionRegistry registry);
  }

  /** A verb after which all updates are sent and whose literals are held. */
  public static Verb of(String name, PlainParser parser) {
    return of(name, (arguments, _, _) -> parser.parse(arguments));
  }

  /** The same, for a verb whose parser needs the context. */
  public static Verb of(String name, ContextParser parser) {
    return of(name, (arguments, context, _) -> parser.parse(arguments, context));
  }

  /** The same, for a verb whose parser looks up what extensions add. */
  public static Verb of(String name, Parser parser) {
    return new Verb(name, Updates.Scope.ALL, false, Literals.HELD, false, parser);
  }

  /** The same, for a verb without arguments. */
  public static Verb of(String name, Command command) {
    return of(
        name,
        arguments -> {
          arguments.end();
          return command;
        });
  }

  /** The same, for a verb whose argument is one mailbox name. */
  public static Verb ofMailbox(String name, Function<MailboxArgument, Command> command) {
    return of(
        name,
        arguments -> {
          arguments.space();
          var given = arguments.mailbox();
          arguments.end();
          return command.apply(given);
        });
  }

  /** A copy that sends these updates instead. */
  public Verb updating(Updates.Scope other) {
    return new Verb(name, other, resync, literals, mayBeLong, parser);
  }

  /** A copy for which the mailbox's state is read again before updates are sent. */
  public Verb resyncing() {
    return new Verb(name, updates, true, literals, mayBeLong, parser);
  }

  /** A copy that decides on literals like this. */
  public Verb literals(Literals other) {
    return new Verb(name, updates, resync, other, mayBeLong, parser);
  }

  /** A copy that may have more octets than others before login. */
  public Verb asLong() {
    return new Verb(name, updates, resync, literals, true, parser);
  }
}
