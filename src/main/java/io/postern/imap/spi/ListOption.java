package io.postern.imap.spi;

import io.postern.imap.response.Untagged;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** An option of LIST (RFC 5258 §3); its name is in capitals. */
public sealed interface ListOption {
  String name();

  /**
   * A selection option.
   *
   * @param selects whether a name is listed when the option is given
   */
  record Selection(String name, Predicate<Name> selects) implements ListOption {}

  /**
   * A return option.
   *
   * @param shows what it adds for each name listed
   */
  record Return(String name, Shows shows) implements ListOption {}

  /** What a return option adds for a name. */
  interface Shows {
    /** Attributes, with their backslashes. */
    default List<String> attributes(Name name) {
      return List.of();
    }

    /** The response behind the one for the name; empty for none. */
    default Uni<Optional<Untagged>> behind(CommandContext context, Name name) {
      return Uni.createFrom().item(Optional.empty());
    }
  }

  /**
   * A name that LIST considers.
   *
   * @param mailbox the mailbox of that name; empty when it does not exist but names below it do
   * @param hasChildren whether there are names below it
   */
  record Name(MailboxName name, Optional<MailboxInfo> mailbox, boolean hasChildren) {}
}
