package io.postern.imap.spi;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.response.Untagged;
import io.postern.model.Ids.AccountId;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** An option of LIST (RFC 5258 §3); its name is in capitals. */
public sealed interface ListOption {
  String name();

  /** What LIST reads of the account beside its mailboxes, at the same time. */
  enum Need {
    /** The subscribed names. */
    SUBSCRIPTIONS,
    /** The counters of all mailboxes. */
    STATES
  }

  /** How a selection option can be combined with others (RFC 5258 §6). */
  enum Role {
    /** A criterion, also of RECURSIVEMATCH. */
    BASE,
    /** A criterion that RECURSIVEMATCH does not suffice with. */
    INDEPENDENT,
    /** Selects also the names above those that the criteria select: at least one of them a base. */
    RECURSIVE
  }

  /**
   * A selection option.
   *
   * @param selects whether a name is listed when the option is given
   * @param implied the return option that it implies; one that needs subscriptions has LIST
   *     consider subscribed names that do not exist, too
   */
  record Selection(String name, Role role, Predicate<Name> selects, Shows implied)
      implements ListOption {
    /** A criterion that implies no return option. */
    public Selection(String name, Predicate<Name> selects) {
      this(name, Role.INDEPENDENT, selects, new Shows() {});
    }
  }

  /** A return option. */
  record Return(String name, Reader reader) implements ListOption {
    /** An option without arguments. */
    public Return(String name, Shows shows) {
      this(name, (_, _) -> shows);
    }

    /** Parses what follows the option's name, up to a space or the end of the list. */
    @FunctionalInterface
    public interface Reader {
      Shows read(Arguments in, CommandContext context) throws BadSyntax;
    }
  }

  /** What a return option of one command adds for a name. */
  interface Shows {
    /** What it reads of a {@link Name} that is not always there. */
    default Set<Need> needs() {
      return Set.of();
    }

    /** The same for one LIST, with what it reads of the account for all names together. */
    default Uni<Shows> prepared(CommandContext context, AccountId account) {
      return Uni.createFrom().item(this);
    }

    /** Attributes, with their backslashes. */
    default List<String> attributes(Name name) {
      return List.of();
    }

    /** The response behind the one for a name that the criteria select; empty for none. */
    default Uni<Optional<Untagged>> behind(CommandContext context, Name name) {
      return Uni.createFrom().item(Optional.empty());
    }
  }

  /**
   * A name that LIST considers.
   *
   * @param mailbox the mailbox of that name; empty when there is none
   * @param hasChildren whether there are names below it
   * @param subscribed whether it is subscribed; false if nothing {@link Need needs} to know
   * @param state the mailbox's counters, if something needs them
   */
  record Name(
      MailboxName name,
      Optional<MailboxInfo> mailbox,
      boolean hasChildren,
      boolean subscribed,
      Optional<MailboxState> state) {}
}
