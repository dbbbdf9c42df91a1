package io.postern.imap.spi;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.selected.View;
import io.postern.imap.state.Outcome;
import io.postern.model.NumberSet;
import io.postern.model.message.FlagsUpdate;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.Set;

/** A modifier of STORE and UID STORE (RFC 4466 §2.5). */
public record StoreModifier(String name, Reader reader) {
  /** Parses what follows the modifier's name, up to a space or the end of the list. */
  @FunctionalInterface
  public interface Reader {
    Effect read(Arguments in, CommandContext context) throws BadSyntax;
  }

  /** What the modifier of one command does. */
  public interface Effect {
    /** What it enables as ENABLE does, in capitals. */
    default Set<String> enables() {
      return Set.of();
    }

    /** Those of the UIDs whose flags are changed. */
    default Uni<NumberSet> select(
        CommandContext context, View view, MailboxIndex index, NumberSet uids) {
      return Uni.createFrom().item(uids);
    }

    /** The change of flags, from what it is without the modifier. */
    default FlagsUpdate update(FlagsUpdate update) {
      return update;
    }

    /**
     * The outcome of the command, from what it is without the modifier.
     *
     * @param modified the messages for which the change's condition was not met, by the numbers
     *     that the client uses
     */
    default Outcome.Ok completed(Outcome.Ok outcome, NumberSet modified) {
      return outcome;
    }
  }
}
