package io.postern.imap.notify;

import io.postern.model.Ids.MailboxId;
import io.postern.model.MailboxName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the names of an account have changed between two moments, as events by which a client that
 * takes each change in turn has the present names at the end. A rename moves the names below it,
 * too; two mailboxes that have exchanged their names are not distinguished.
 */
final class NameChanges {
  private static final Comparator<MailboxName> INBOX_FIRST =
      Comparator.comparing((MailboxName name) -> !name.isInbox())
          .thenComparing(Comparator.naturalOrder());

  private final Map<MailboxId, MailboxName> before;
  private final Map<MailboxId, MailboxName> present;

  /** The names that the client has after the changes so far. */
  private final TreeSet<String> client = new TreeSet<>();

  private final List<NameChange> changes = new ArrayList<>();

  NameChanges(Map<MailboxId, MailboxName> before, Map<MailboxId, MailboxName> present) {
    this.before = before;
    this.present = present;
  }

  List<NameChange> changes() {
    var names = new TreeSet<MailboxName>(INBOX_FIRST);
    names.addAll(present.values());
    before.values().forEach(name -> client.add(name.value()));
    var renames = renames();
    var targets = new HashSet<>(renames.values());
    var removed = new TreeSet<MailboxName>(INBOX_FIRST);
    before.forEach(
        (id, name) -> {
          if (!present.containsKey(id)) {
            removed.add(name);
          }
        });
    for (var name : removed) {
      if (targets.contains(name) || !names.contains(name)) {
        remove(name);
      }
    }
    rename(renames);
    var made = new TreeSet<MailboxName>(INBOX_FIRST);
    names.stream().filter(name -> !client.contains(name.value())).forEach(made::add);
    present.forEach(
        (id, name) -> {
          if (!before.containsKey(id)) {
            made.add(name);
          }
        });
    for (var name : List.copyOf(client)) {
      if (!names.contains(new MailboxName(name))) {
        remove(new MailboxName(name));
      }
    }
    made.forEach(name -> changes.add(NameChange.of(name)));
    removed.addAll(made);
    above(removed);
    return changes;
  }

  private void remove(MailboxName name) {
    client.remove(name.value());
    changes.add(new NameChange(name, Optional.empty(), true));
  }

  /** Mailboxes that have another name now, by the old ones; the deepest first. */
  private Map<MailboxName, MailboxName> renames() {
    var renamed = new HashMap<MailboxName, MailboxName>();
    before.forEach(
        (id, old) -> {
          var now = present.get(id);
          if (now != null && !now.equals(old)) {
            renamed.put(old, now);
          }
        });
    var ordered = new LinkedHashMap<MailboxName, MailboxName>();
    renamed.entrySet().stream()
        .filter(rename -> !isRenamedAbove(renamed, rename.getKey(), rename.getValue()))
        .sorted(
            Map.Entry.comparingByKey(
                Comparator.comparing((MailboxName old) -> -depth(old)).thenComparing(INBOX_FIRST)))
        .forEach(rename -> ordered.put(rename.getKey(), rename.getValue()));
    return ordered;
  }

  private static long depth(MailboxName name) {
    return name.value().chars().filter(c -> c == MailboxName.DELIMITER).count();
  }

  /** Whether a mailbox above was renamed, and this one with it. */
  private static boolean isRenamedAbove(
      Map<MailboxName, MailboxName> renamed, MailboxName old, MailboxName now) {
    var from = Optional.of(old);
    var to = Optional.of(now);
    while (from.isPresent() && to.isPresent() && leaf(from.get()).equals(leaf(to.get()))) {
      from = from.get().parent();
      to = to.get().parent();
      if (to.isPresent() && to.equals(from.map(renamed::get))) {
        return true;
      }
    }
    return false;
  }

  private static String leaf(MailboxName name) {
    return name.value().substring(name.value().lastIndexOf(MailboxName.DELIMITER) + 1);
  }

  /**
   * Each when the new name is free: a mailbox that had it may be renamed, too. One that lies below
   * a renamed one has another old name from then on.
   */
  private void rename(Map<MailboxName, MailboxName> renames) {
    var pending = new LinkedHashMap<String, String>();
    renames.forEach((old, now) -> pending.put(old.value(), now.value()));
    boolean moved = true;
    while (moved) {
      moved = false;
      for (var old : List.copyOf(pending.keySet())) {
        var now = pending.get(old);
        if (now != null && !client.contains(now)) {
          pending.remove(old);
          move(old, now, pending);
          changes.add(
              new NameChange(new MailboxName(now), Optional.of(new MailboxName(old)), false));
          moved = true;
        }
      }
    }
  }

  private void move(String old, String now, Map<String, String> pending) {
    client.remove(old);
    // Below a name are those that begin with it and a delimiter, up to the next character.
    var below =
        client.subSet(old + MailboxName.DELIMITER, old + (char) (MailboxName.DELIMITER + 1));
    var moved = List.copyOf(below);
    below.clear();
    client.add(now);
    for (var name : moved) {
      var other = now + name.substring(old.length());
      client.add(other);
      var target = pending.remove(name);
      if (target != null && !target.equals(other)) {
        pending.put(other, target);
      }
    }
  }

  private void above(Set<MailboxName> madeOrRemoved) {
    var listed = new HashSet<MailboxName>();
    changes.forEach(change -> listed.add(change.name()));
    for (var name : madeOrRemoved) {
      name.parent().filter(listed::add).ifPresent(parent -> changes.add(NameChange.of(parent)));
    }
  }
}
