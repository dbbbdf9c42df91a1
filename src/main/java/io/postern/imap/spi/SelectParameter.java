package io.postern.imap.spi;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.selected.View;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.Set;

/** A parameter of SELECT and EXAMINE (RFC 4466 §2.1). */
public record SelectParameter(String name, Reader reader) {
  /** Parses what follows the parameter's name, up to a space or the end of the list. */
  @FunctionalInterface
  public interface Reader {
    Effect read(Arguments in, CommandContext context) throws BadSyntax;
  }

  /** What the parameter of one command does. */
  public interface Effect {
    /** What it enables as ENABLE does, in capitals. */
    default Set<String> enables() {
      return Set.of();
    }

    /** Sends what it adds behind the responses that every SELECT has. */
    default Uni<Void> opened(CommandContext context, View view, MailboxIndex index) {
      return Uni.createFrom().voidItem();
    }
  }
}
