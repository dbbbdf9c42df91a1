package io.postern.imap.session;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.wire.LiteralPlan;
import io.postern.wire.Request;
import io.smallrye.mutiny.Uni;

/**
 * A command's name and the rules by which the session runs it.
 *
 * @param name in capitals; of a UID verb both words, {@code UID FETCH}
 * @param updates which changes of the selected mailbox may be sent before its tagged line
 * @param resync whether the session reads the mailbox's state before updates, even without a hint
 * @param literals how its literals are treated
 * @param parser parses the arguments
 */
public record Verb(
    String name, Updating updates, boolean resync, Literals literals, Parser parser) {
  /** Which updates may be sent (RFC 3501 §5.5, §7.4.1). */
  public enum Updating {
    /** None: the command left the mailbox. */
    NOTHING,
    /** New messages and flags, no EXPUNGE: the command used sequence numbers. */
    WITHOUT_EXPUNGE,
    /** All updates. */
    ALL
  }

  /** Parses the arguments behind the verb; the space before them is not read yet. */
  @FunctionalInterface
  public interface Parser {
    Command parse(Arguments arguments, ExtensionRegistry extensions) throws BadSyntax;
  }

  /** A parser that needs no extension registry. */
  @FunctionalInterface
  public interface PlainParser {
    Command parse(Arguments arguments) throws BadSyntax;
  }

  /** Decides on a literal that is not simply held in memory. */
  @FunctionalInterface
  public interface Literals {
    /** Holds all literals, up to the limit of a command. */
    Literals HELD = (context, state, soFar, head) -> Uni.createFrom().item(new LiteralPlan.Hold());

    /**
     * Called at a literal's head; the session limits the size of held literals afterwards.
     *
     * @param soFar behind the verb; it ends where the literal will be
     */
    Uni<LiteralPlan> plan(CommandContext context, State state, Arguments soFar, Request.Head head);
  }

  /** A verb after which all updates are sent and whose literals are held. */
  public static Verb of(String name, PlainParser parser) {
    return of(name, (arguments, _) -> parser.parse(arguments));
  }

  /** The same, for a verb whose arguments extensions can add to. */
  public static Verb of(String name, Parser parser) {
    return new Verb(name, Updating.ALL, false, Literals.HELD, parser);
  }

  /** A copy that sends these updates instead. */
  public Verb updating(Updating other) {
    return new Verb(name, other, resync, literals, parser);
  }

  /** A copy for which the mailbox's state is read again before updates are sent. */
  public Verb resyncing() {
    return new Verb(name, updates, true, literals, parser);
  }

  /** A copy that decides on literals like this. */
  public Verb literals(Literals other) {
    return new Verb(name, updates, resync, other, parser);
  }
}
