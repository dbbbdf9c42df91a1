package io.postern.imap.spi;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.selected.View;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A modifier of FETCH and UID FETCH (RFC 4466 §2.4). */
public record FetchModifier(String name, Reader reader) {
  /** Parses what follows the modifier's name, up to a space or the end of the list. */
  @FunctionalInterface
  public interface Reader {
    Effect read(Arguments in, CommandContext context) throws BadSyntax;
  }

  /**
   * The command that has the modifier.
   *
   * @param set the messages that it names
   * @param byUid whether it is UID FETCH
   * @param modifiers all of them
   */
  public record Use(MessageSet set, boolean byUid, List<Effect> modifiers) {
    /** The mod-sequence after which the messages were changed that are fetched; empty for all. */
    public OptionalLong changedSince() {
      return modifiers.stream()
          .flatMapToLong(modifier -> modifier.changedSince().stream())
          .findFirst();
    }
  }

  /** What the modifier of one command does. */
  public interface Effect {
    /** What it enables as ENABLE does, in capitals. */
    default Set<String> enables() {
      return Set.of();
    }

    /** Whether it selects before others do, wherever the client names it. */
    default boolean selectsFirst() {
      return false;
    }

    /** What the command lacks to have this modifier, as an error names it; empty for nothing. */
    default Optional<String> missing(Use use) {
      return Optional.empty();
    }

    /** Items that are fetched as if the client had named them. */
    default List<FetchItem> items() {
      return List.of();
    }

    /** Of the messages only those are fetched that were changed after this mod-sequence. */
    default OptionalLong changedSince() {
      return OptionalLong.empty();
    }

    /** How many messages it names at most; 0 if it does not say. */
    default long messages() {
      return 0;
    }

    /** Sends what it adds before the first message. */
    default Uni<Void> before(CommandContext context, View view, MailboxIndex index, Use use) {
      return Uni.createFrom().voidItem();
    }

    /** Those of the positions whose messages are fetched. */
    default int[] select(MailboxIndex index, int[] positions) {
      return positions;
    }
  }
}
