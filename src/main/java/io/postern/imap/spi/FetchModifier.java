package io.postern.imap.spi;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.selected.View;
import io.postern.model.NumberSet;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Set;

/** A modifier of FETCH and UID FETCH (RFC 4466 §2.4). */
public record FetchModifier(String name, Reader reader) {
  /** Parses what follows the modifier's name, up to a space or the end of the list. */
  @FunctionalInterface
  public interface Reader {
    Effect read(Arguments in, CommandContext context) throws BadSyntax;
  }

  /** What the modifier of one command does. */
  public interface Effect {
    /** What it enables as by ENABLE, in capitals. */
    default Set<String> enables() {
      return Set.of();
    }

    /** Whether it selects before others do, wherever the client names it. */
    default boolean selectsFirst() {
      return false;
    }

    /** Items that are fetched as if the client had named them. */
    default List<FetchItem> items() {
      return List.of();
    }

    /**
     * Sends what it adds before the first message.
     *
     * @param uids that the command names, present or not
     */
    default Uni<Void> before(
        CommandContext context, View view, MailboxIndex index, NumberSet uids) {
      return Uni.createFrom().voidItem();
    }

    /** Those of the positions whose messages are fetched. */
    default int[] select(MailboxIndex index, int[] positions) {
      return positions;
    }
  }
}
