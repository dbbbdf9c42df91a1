package io.postern.imap.command;

import io.postern.imap.grammar.ListPattern;
import io.postern.imap.spi.ListOption.Name;
import io.postern.imap.spi.ListOption.Need;
import io.postern.imap.spi.ListOption.Role;
import io.postern.imap.spi.ListOption.Selection;
import io.postern.model.Ids.MailboxId;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;

/** Finds the names that a LIST shows (RFC 5258 §3.3). */
final class ListedNames {
  /** Names that are considered in one step. */
  private static final int NAMES = 16;

  private static final Comparator<MailboxName> INBOX_FIRST =
      Comparator.comparing((MailboxName name) -> !name.isInbox())
          .thenComparing(Comparator.naturalOrder());

  private final List<ListPattern> patterns;
  private final List<Selection> criteria;
  private final boolean recursive;
  private final List<Name> names;
  private final boolean[] matching;
  private final boolean[] selected;

  /** Names above those that are selected, and above those of them that no pattern matches. */
  private final Set<MailboxName> above = new HashSet<>();

  private final Set<MailboxName> aboveUnmatched = new HashSet<>();
  private int next;

  /**
   * What is read of an account.
   *
   * @param states of its mailboxes; empty if nothing needs them
   */
  record Tree(
      List<MailboxInfo> mailboxes,
      SortedSet<MailboxName> subscriptions,
      Optional<Map<MailboxId, MailboxState>> states) {}

  /**
   * A name to show.
   *
   * @param selected whether the criteria select it
   * @param above whether they select a name below it, if the client asked for that
   */
  record Found(Name name, boolean selected, boolean above) {}

  ListedNames(Tree tree, List<ListPattern> patterns, List<Selection> selections) {
    this.patterns = patterns;
    this.recursive = selections.stream().anyMatch(it -> it.role() == Role.RECURSIVE);
    this.criteria = selections.stream().filter(it -> it.role() != Role.RECURSIVE).toList();
    boolean listsSubscribed =
        selections.stream().anyMatch(it -> it.implied().needs().contains(Need.SUBSCRIPTIONS));
    this.names = names(tree, listsSubscribed);
    this.matching = new boolean[names.size()];
    this.selected = new boolean[names.size()];
  }

  /** The names to consider, INBOX first: those of mailboxes, subscriptions, and their parents. */
  private static List<Name> names(Tree tree, boolean listsSubscribed) {
    var names = new TreeMap<MailboxName, Optional<MailboxInfo>>(INBOX_FIRST);
    var parents = new HashSet<MailboxName>();
    for (var mailbox : tree.mailboxes) {
      // RFC 5819 §2: one that is deleted meanwhile can't be selected any more.
      boolean exists = tree.states.map(it -> it.containsKey(mailbox.key().mailbox())).orElse(true);
      names.put(mailbox.name(), Optional.of(mailbox).filter(_ -> exists));
      addAbove(mailbox.name(), names, parents);
    }
    if (listsSubscribed) {
      var aboveSubscribed = new HashSet<MailboxName>();
      for (var name : tree.subscriptions) {
        names.putIfAbsent(name, Optional.empty());
        addAbove(name, names, aboveSubscribed);
      }
    }
    return names.entrySet().stream()
        .map(it -> name(tree, it.getKey(), it.getValue(), parents.contains(it.getKey())))
        .toList();
  }

  private static void addAbove(
      MailboxName name, Map<MailboxName, Optional<MailboxInfo>> names, Set<MailboxName> parents) {
    var above = name.parent();
    while (above.isPresent() && parents.add(above.get())) {
      names.putIfAbsent(above.get(), Optional.empty());
      above = above.get().parent();
    }
  }

  private static Name name(
      Tree tree, MailboxName name, Optional<MailboxInfo> mailbox, boolean hasChildren) {
    var state = mailbox.flatMap(it -> tree.states.map(states -> states.get(it.key().mailbox())));
    return new Name(name, mailbox, hasChildren, tree.subscriptions.contains(name), state);
  }

  /** The names to show, in time slices. */
  Uni<List<Found>> select(TimeSlices slices) {
    return slices.repeat(this::step).map(_ -> found());
  }

  private boolean step() {
    int end = Math.min(names.size(), next + NAMES);
    for (; next < end; next++) {
      var name = names.get(next);
      matching[next] = patterns.stream().anyMatch(it -> it.matches(name.name()));
      selected[next] = criteria.stream().allMatch(it -> it.selects().test(name));
      if (recursive && selected[next]) {
        addAbove(name.name(), matching[next] ? above : aboveUnmatched);
      }
    }
    return next < names.size();
  }

  private static void addAbove(MailboxName name, Set<MailboxName> names) {
    var parent = name.parent();
    while (parent.isPresent() && names.add(parent.get())) {
      parent = parent.get().parent();
    }
  }

  private List<Found> found() {
    var found = new ArrayList<Found>();
    for (int i = 0; i < matching.length; i++) {
      var name = names.get(i);
      boolean unmatched = aboveUnmatched.contains(name.name());
      // RFC 5258 §3.5: not above a name that is shown itself, unless another is not.
      if (matching[i] && (selected[i] || unmatched)) {
        found.add(new Found(name, selected[i], unmatched || above.contains(name.name())));
      }
    }
    return found;
  }
}
