package io.postern.imap.notify;

import io.postern.model.MailboxName;
import io.postern.store.sharing.OtherUsers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which events a client wants of which mailboxes, the selected one aside (RFC 5465 §6). Several
 * groups may apply to a mailbox: their events add up. A group that names mailboxes and wants NONE
 * of them takes them out of the groups that name none.
 */
public final class EventFilter {
  /** Mailboxes below a name, and that name. */
  private final Map<MailboxName, List<Events>> subtrees = new HashMap<>();

  private final Map<MailboxName, List<Events>> mailboxes = new HashMap<>();
  private Events personal = Events.NONE;
  private Events subscribed = Events.NONE;
  private Events always = Events.NONE;
  private Events all = Events.NONE;

  /** The events of all annotations, whatever else is wanted. */
  public void addAnnotations() {
    always = add(always, Events.ANNOTATIONS);
  }

  /** The user's own mailboxes. */
  void addPersonal(Events events) {
    personal = add(personal, events);
  }

  /** Subscribed mailboxes. */
  void addSubscribed(Events events) {
    subscribed = add(subscribed, events);
  }

  void addSubtrees(Collection<MailboxName> names, Events events) {
    names.forEach(name -> subtrees.computeIfAbsent(name, _ -> new ArrayList<>()).add(events));
    add(Events.NONE, events);
  }

  void addMailboxes(Collection<MailboxName> names, Events events) {
    names.forEach(name -> mailboxes.computeIfAbsent(name, _ -> new ArrayList<>()).add(events));
    add(Events.NONE, events);
  }

  private Events add(Events before, Events more) {
    all = all.and(more);
    return before.and(more);
  }

  /** Whether events of mailboxes may be wanted that others share with the user. */
  boolean concernsOthers() {
    return !subscribed.isEmpty()
        || Stream.concat(subtrees.keySet().stream(), mailboxes.keySet().stream())
            .anyMatch(OtherUsers::contains);
  }

  /** Whether nothing is wanted of any mailbox. */
  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** Whether the client wants events of annotations, and no other ones. */
  boolean isOfAnnotations() {
    return Events.ANNOTATIONS.and(all).equals(Events.ANNOTATIONS);
  }

  /** The events that are wanted of any mailbox. */
  Events all() {
    return all;
  }

  /** Whether it depends on subscriptions which events are wanted. */
  boolean needsSubscriptions() {
    return all.subscriptions() || !subscribed.isEmpty();
  }

  /** The events that are wanted of a mailbox, existing or not. */
  Events of(MailboxName name, boolean isSubscribed) {
    var named = new ArrayList<>(mailboxes.getOrDefault(name, List.of()));
    var above = subtrees.isEmpty() ? Optional.<MailboxName>empty() : Optional.of(name);
    while (above.isPresent()) {
      named.addAll(subtrees.getOrDefault(above.get(), List.of()));
      above = above.get().parent();
    }
    var events = named.stream().reduce(Events.NONE, Events::and);
    if (named.contains(Events.NONE)) {
      return events.and(always);
    }
    // RFC 5465 §6.2: those that others share with the user are not in a personal namespace.
    var unnamed = OtherUsers.contains(name) ? Events.NONE : personal.and(always);
    return events.and(isSubscribed ? unnamed.and(subscribed) : unnamed);
  }
}
