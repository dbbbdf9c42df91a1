package io.postern.imap.session;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.wire.LiteralPlan;
import io.postern.wire.Request;
import io.smallrye.mutiny.Uni;

/**
 * A verb with its laws as data.
 *
 * @param name in capitals; of a UID verb both words, {@code UID FETCH}
 * @param updates which changes of the selected mailbox may be told before its tagged line
 * @param resync whether the mailbox's state is read again for that, or a hint must have asked for
 *     it
 * @param literals what becomes of its literals
 * @param parser makes the command of its arguments
 */
public record Verb(
    String name, Updating updates, boolean resync, Literals literals, Parser parser) {
  /** Which changes may be told (RFC 3501 §5.5, §7.4.1). */
  public enum Updating {
    /** None: the command left the mailbox. */
    NOTHING,
    /** New messages and flags, no EXPUNGE: the command spoke in sequence numbers. */
    WITHOUT_EXPUNGE,
    /** All. */
    ALL
  }

  /** Makes a command of the arguments behind the verb, the space before them not yet read. */
  @FunctionalInterface
  public interface Parser {
    Command parse(Arguments arguments, ExtensionRegistry extensions) throws BadSyntax;
  }

  /** A parser that knows all words itself. */
  @FunctionalInterface
  public interface PlainParser {
    Command parse(Arguments arguments) throws BadSyntax;
  }

  /** Decides on a literal that is not simply held. */
  @FunctionalInterface
  public interface Literals {
    /** All literals are held, up to the limit of a command. */
    Literals HELD = (context, state, soFar, head) -> Uni.createFrom().item(new LiteralPlan.Hold());

    /**
     * Asked at a literal's head; the size of what is held is bounded by the session afterwards.
     *
     * @param soFar behind the verb, and at its end where the literal will be
     */
    Uni<LiteralPlan> plan(CommandContext context, State state, Arguments soFar, Request.Head head);
  }

  /** A verb after which all changes are told and whose literals are held. */
  public static Verb of(String name, PlainParser parser) {
    return of(name, (arguments, _) -> parser.parse(arguments));
  }

  /** The same, of a verb whose arguments are open to extension. */
  public static Verb of(String name, Parser parser) {
    return new Verb(name, Updating.ALL, false, Literals.HELD, parser);
  }

  /** Tells this much instead. */
  public Verb updating(Updating other) {
    return new Verb(name, other, resync, literals, parser);
  }

  /** Reads the mailbox's state again before it tells. */
  public Verb resyncing() {
    return new Verb(name, updates, true, literals, parser);
  }

  /** Decides on literals like this. */
  public Verb literals(Literals other) {
    return new Verb(name, updates, resync, other, parser);
  }
}
