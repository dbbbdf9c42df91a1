package io.postern.imap.notify;

import io.postern.imap.response.Untagged;
import io.postern.imap.response.Untagged.ExtendedItem;
import io.postern.imap.response.Untagged.Listing;
import io.postern.imap.spi.Extensions;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** The names and subscriptions that a client knows, as far as it hears of them. */
final class KnownNames {
  private final EventFilter filter;

  /** Names by ids: of all mailboxes if names or annotations are wanted, else of those watched. */
  private Map<MailboxId, MailboxName> names = new HashMap<>();

  /** The keys of those that have names. */
  private final Map<MailboxId, MailboxKey> keys = new HashMap<>();

  private SortedSet<MailboxName> subscriptions = new TreeSet<>();

  /** Names that this session's own commands may have made, besides those they name. */
  private final Set<MailboxName> ownParents = new HashSet<>();

  /** Whether they were read already: before that nothing is a change. */
  private boolean known;

  KnownNames(EventFilter filter) {
    this.filter = filter;
  }

  /** Takes over what a client was sent that asks for other events. */
  void takeOver(KnownNames before) {
    known = before.known && before.filter.all().names() == filter.all().names();
    if (known) {
      names.putAll(before.names);
      keys.putAll(before.keys);
      subscriptions.addAll(before.subscriptions);
    }
  }

  /** The name of a mailbox; empty if nothing is wanted of it. */
  Optional<MailboxName> of(MailboxId mailbox) {
    return Optional.ofNullable(names.get(mailbox));
  }

  /** The key of a mailbox; empty if nothing is wanted of it. */
  Optional<MailboxKey> key(MailboxId mailbox) {
    return Optional.ofNullable(keys.get(mailbox));
  }

  /** The events that are wanted of a mailbox. */
  Events events(MailboxName name) {
    return filter.of(name, subscriptions.contains(name));
  }

  /** CREATE of the session itself made this mailbox. */
  void created(MailboxInfo mailbox) {
    names.put(mailbox.key().mailbox(), mailbox.name());
    keys.put(mailbox.key().mailbox(), mailbox.key());
    addParents(mailbox.name());
  }

  /** DELETE of the session itself removed a mailbox; returns its name. */
  Optional<MailboxName> deleted(MailboxId mailbox) {
    return Optional.ofNullable(names.remove(mailbox));
  }

  /**
   * RENAME of the session itself.
   *
   * @param each gets the old and the new name of each mailbox that has another name now
   */
  void renamed(
      MailboxName from, MailboxName to, BiConsumer<? super MailboxName, ? super MailboxName> each) {
    addParents(to);
    if (from.isInbox()) {
      // RFC 3501 §6.3.5: another mailbox has the new name.
      ownParents.add(to);
      return;
    }
    names.replaceAll(
        (_, name) -> {
          if (!name.equals(from) && !name.isBelow(from)) {
            return name;
          }
          var now = new MailboxName(to.value() + name.value().substring(from.value().length()));
          each.accept(name, now);
          return now;
        });
  }

  private void addParents(MailboxName name) {
    var above = name.parent();
    while (above.isPresent() && ownParents.size() < MailboxNames.MAX) {
      ownParents.add(above.get());
      above = above.get().parent();
    }
  }

  /** SUBSCRIBE or UNSUBSCRIBE of the session itself. */
  void subscribed(MailboxName name, boolean on) {
    if (on) {
      subscriptions.add(name);
    } else {
      subscriptions.remove(name);
    }
  }

  /**
   * Takes the present names in place of those known before.
   *
   * @param watched the names of the mailboxes of which messages are wanted
   * @return the LIST responses to what has changed (RFC 5465 §5.4, §5.5)
   */
  List<Untagged> replace(MailboxNames now, Set<MailboxName> watched, Extensions extensions) {
    var listed = known ? listed(now, extensions) : List.<Untagged>of();
    names = new HashMap<>();
    keys.clear();
    for (var mailbox : now.list()) {
      if (filter.all().names() || filter.all().annotations() || watched.contains(mailbox.name())) {
        names.put(mailbox.key().mailbox(), mailbox.name());
        keys.put(mailbox.key().mailbox(), mailbox.key());
      }
    }
    subscriptions = filter.needsSubscriptions() ? now.subscriptions() : new TreeSet<>();
    ownParents.clear();
    known = true;
    return listed;
  }

  private List<Untagged> listed(MailboxNames now, Extensions extensions) {
    var changes = changes(now);
    if (changes.isEmpty()) {
      return List.of();
    }
    var byName = now.byName();
    var parents = now.parents();
    var listed = new ArrayList<Untagged>();
    for (var change : changes) {
      var name = change.name();
      var mailbox = Optional.ofNullable(byName.get(name)).filter(_ -> !change.removed());
      var attributes = new ArrayList<String>();
      if (mailbox.isEmpty()) {
        attributes.add("\\NonExistent");
      }
      extensions
          .listAttributes(mailbox, parents.contains(name))
          .distinct()
          .forEach(attributes::add);
      if (now.subscriptions().contains(name)) {
        attributes.add("\\Subscribed");
      }
      var items = change.old().stream().map(ExtendedItem::oldName).toList();
      listed.add(new Untagged.Listed(Listing.LIST, attributes, Optional.of(name), items));
    }
    return listed;
  }

  /** The names to list. */
  private List<NameChange> changes(MailboxNames now) {
    var changes = new ArrayList<NameChange>();
    if (filter.all().names()) {
      now.changesSince(names).stream()
          .filter(change -> !isOwnParent(change) && isWanted(now, change))
          .forEach(changes::add);
    }
    if (filter.all().subscriptions()) {
      var listed = new HashSet<MailboxName>();
      changes.stream().filter(it -> !it.removed()).map(NameChange::name).forEach(listed::add);
      differing(subscriptions, now.subscriptions()).stream()
          .filter(name -> filter.of(name, true).subscriptions() && listed.add(name))
          .map(NameChange::of)
          .forEach(changes::add);
    }
    return changes;
  }

  private boolean isOwnParent(NameChange change) {
    return !change.removed() && change.old().isEmpty() && ownParents.contains(change.name());
  }

  private boolean isWanted(MailboxNames now, NameChange change) {
    return filter.of(change.name(), now.subscriptions().contains(change.name())).names()
        || change.old().filter(it -> events(it).names()).isPresent();
  }

  private static Set<MailboxName> differing(Set<MailboxName> before, Set<MailboxName> now) {
    var differing = new TreeSet<>(before);
    differing.removeAll(now);
    now.stream().filter(name -> !before.contains(name)).forEach(differing::add);
    return differing;
  }
}
