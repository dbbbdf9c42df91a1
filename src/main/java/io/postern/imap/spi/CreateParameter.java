package io.postern.imap.spi;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.state.Outcome;
import io.postern.model.SpecialUse;
import java.util.Optional;

/** A parameter of CREATE (RFC 4466 §2.2). */
public record CreateParameter(String name, Reader reader) {
  /** Parses what follows the parameter's name, up to a space or the end of the list. */
  @FunctionalInterface
  public interface Reader {
    Effect read(Arguments in, CommandContext context) throws BadSyntax;
  }

  /** What the parameter of one command does. */
  public interface Effect {
    /** Why the mailbox can't be created with it. */
    default Optional<Outcome.No> refusal() {
      return Optional.empty();
    }

    /** The use that it gives to the mailbox. */
    default Optional<SpecialUse> use() {
      return Optional.empty();
    }
  }
}
