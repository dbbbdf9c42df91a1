package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The mailboxes that ESEARCH goes through (RFC 7377 §2.2, RFC 5465 §6).
 *
 * @param kinds named without mailboxes
 * @param mailboxes these themselves
 * @param subtrees these and all below them
 * @param children these and those right below them
 */
record SearchScope(
    Set<Kind> kinds,
    Set<MailboxName> mailboxes,
    Set<MailboxName> subtrees,
    Set<MailboxName> children) {
  /** Most names of one command. */
  static final int MAX_NAMES = 256;

  /** What a client gets that names no mailboxes. */
  static final SearchScope SELECTED =
      new SearchScope(EnumSet.of(Kind.SELECTED), Set.of(), Set.of(), Set.of());

  /** Mailboxes that are named together. */
  enum Kind {
    SELECTED,
    /** Mailboxes that mail is delivered to: INBOX. */
    INBOXES,
    /** All of the user's. */
    PERSONAL,
    /** All that are subscribed to. */
    SUBSCRIBED
  }

  /** Parses the list behind IN, with its parentheses. */
  static SearchScope read(Arguments in) throws BadSyntax {
    var scope =
        new SearchScope(
            EnumSet.noneOf(Kind.class), new HashSet<>(), new HashSet<>(), new HashSet<>());
    in.openList();
    do {
      scope.readOne(in);
    } while (in.trySpace());
    in.closeList();
    return scope;
  }

  private void readOne(Arguments in) throws BadSyntax {
    long start = in.position();
    var word = in.word("a set of mailboxes");
    switch (word) {
      case "SELECTED", "INBOXES", "PERSONAL", "SUBSCRIBED" -> kinds.add(Kind.valueOf(word));
      case "MAILBOXES" -> names(in, mailboxes);
      case "SUBTREE" -> names(in, subtrees);
      case "SUBTREE-ONE" -> names(in, children);
      default -> throw new BadSyntax("a set of mailboxes instead of " + word, start);
    }
  }

  /** Names that no mailbox can have stand for none. */
  private void names(Arguments in, Set<MailboxName> names) throws BadSyntax {
    in.space();
    var given = new ArrayList<MailboxArgument>();
    if (in.tryOpenList()) {
      do {
        given.add(in.mailbox());
      } while (in.trySpace());
      in.closeList();
    } else {
      given.add(in.mailbox());
    }
    given.forEach(it -> it.valid().ifPresent(names::add));
    if (mailboxes.size() + subtrees.size() + children.size() > MAX_NAMES) {
      throw in.expected("at most " + MAX_NAMES + " names");
    }
  }

  /** Whether the selected mailbox is in it by that word. */
  boolean hasSelected() {
    return kinds.contains(Kind.SELECTED);
  }

  /** Whether it is the selected mailbox and no other. */
  boolean isSelectedAlone() {
    return equals(SELECTED);
  }

  /** Whether it depends on what is subscribed to. */
  boolean needsSubscriptions() {
    return kinds.contains(Kind.SUBSCRIBED);
  }

  /** Those of an account's mailboxes that are in it, the selected one aside. */
  List<MailboxInfo> of(List<MailboxInfo> all, Set<MailboxName> subscribed) {
    return all.stream().filter(it -> has(it.name(), subscribed)).toList();
  }

  private boolean has(MailboxName name, Set<MailboxName> subscribed) {
    return kinds.contains(Kind.PERSONAL)
        || (kinds.contains(Kind.INBOXES) && name.isInbox())
        || (kinds.contains(Kind.SUBSCRIBED) && subscribed.contains(name))
        || mailboxes.contains(name)
        || children.contains(name)
        || name.parent().filter(children::contains).isPresent()
        || isIn(name, subtrees);
  }

  private static boolean isIn(MailboxName name, Set<MailboxName> subtrees) {
    return subtrees.contains(name)
        || name.parent().filter(parent -> isIn(parent, subtrees)).isPresent();
  }
}
