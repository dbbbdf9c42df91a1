package io.postern.imap.notify;

import io.postern.imap.response.Untagged;
import io.postern.imap.selected.Notifications.OwnChange;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.MailboxName;
import io.postern.store.Annotations;
import io.postern.store.Annotations.Version;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The annotations that a client knows of (RFC 5465 §5.6, §5.7): the version of each. One whose
 * version is another one now, or that is not there any more, is sent by its name.
 */
final class KnownAnnotations {
  /** Most names in one response. */
  private static final int MOST_NAMES = 64;

  private final EventFilter filter;
  private final KnownNames names;
  private Map<Key, Long> versions = new HashMap<>();

  /** Whether they were read already: before that nothing is a change. */
  private boolean known;

  /** Whether they are to be read. */
  private boolean changed;

  /** Of a mailbox, or of the server. */
  private record Key(Optional<MailboxId> mailbox, String entry) {}

  KnownAnnotations(EventFilter filter, KnownNames names) {
    this.filter = filter;
    this.names = names;
  }

  /** Takes over what a client knows that asks for other events. */
  void takeOver(KnownAnnotations before) {
    known = before.known;
    changed = before.changed;
    versions.putAll(before.versions);
  }

  private boolean isWanted() {
    return filter.all().annotations() || filter.all().server();
  }

  /** Some were changed; returns whether the client hears of any. */
  boolean hinted() {
    changed = isWanted();
    return changed;
  }

  /** Whether there is something to read. */
  boolean isPending() {
    return changed;
  }

  /** SETMETADATA of the session itself: only another version of these is a change. */
  void annotated(OwnChange.Annotated change) {
    var mailbox = change.subject().mailbox();
    change.set().forEach(entry -> versions.put(new Key(mailbox, entry), change.version()));
    change.removed().forEach(entry -> versions.remove(new Key(mailbox, entry)));
  }

  /** The present versions, and one more if there are too many; none if the client wants none. */
  Uni<List<Version>> read(Annotations annotations, AccountId account) {
    changed = false;
    return isWanted()
        ? annotations
            .versions(account, account, MailboxNames.MAX + 1)
            .onFailure()
            .invoke(() -> changed = true)
        : Uni.createFrom().item(List.of());
  }

  /** The same if some were changed; else empty. */
  Uni<Optional<List<Version>>> readPending(Annotations annotations, AccountId account) {
    return changed
        ? read(annotations, account).map(Optional::of)
        : Uni.createFrom().item(Optional.empty());
  }

  /**
   * Whether a mailbox has fewer annotations than before. They were removed, or the mailbox was and
   * the hint of that has not come yet: its name must be read again before they are replaced.
   */
  boolean lacksSome(List<Version> now) {
    var present = new HashSet<Key>();
    now.forEach(it -> present.add(new Key(it.mailbox(), it.entry())));
    return versions.keySet().stream()
        .anyMatch(key -> key.mailbox().isPresent() && !present.contains(key));
  }

  /**
   * Takes the present versions in place of those known before. Annotations of mailboxes that are
   * not known by name remain to be sent when they are.
   *
   * @return the METADATA responses to what has changed
   */
  List<Untagged> replace(List<Version> now) {
    var before = versions;
    versions = new HashMap<>();
    for (var it : now) {
      if (isKnown(it.mailbox())) {
        versions.put(new Key(it.mailbox(), it.entry()), it.number());
      }
    }
    boolean first = !known;
    known = isWanted();
    if (first || !known) {
      return List.of();
    }
    var changes = new TreeMap<String, SortedSet<String>>();
    var removed = new HashMap<>(before);
    removed.keySet().removeAll(versions.keySet());
    removed.keySet().forEach(key -> add(changes, key));
    versions.forEach(
        (key, version) -> {
          if (!version.equals(before.get(key))) {
            add(changes, key);
          }
        });
    return responses(changes);
  }

  private boolean isKnown(Optional<MailboxId> mailbox) {
    return mailbox.isEmpty() || names.of(mailbox.get()).isPresent();
  }

  /** The name of the server is empty, as it is in the response. */
  private void add(Map<String, SortedSet<String>> changes, Key key) {
    var name = key.mailbox().flatMap(names::of);
    boolean wanted =
        key.mailbox().isEmpty()
            ? filter.all().server()
            : name.filter(it -> names.events(it).annotations()).isPresent();
    if (wanted) {
      changes
          .computeIfAbsent(name.map(MailboxName::value).orElse(""), _ -> new TreeSet<>())
          .add(key.entry());
    }
  }

  private static List<Untagged> responses(Map<String, SortedSet<String>> changes) {
    var responses = new ArrayList<Untagged>();
    changes.forEach(
        (value, entries) -> {
          var name = Optional.of(value).filter(it -> !it.isEmpty()).map(MailboxName::new);
          var all = List.copyOf(entries);
          for (int at = 0; at < all.size(); at += MOST_NAMES) {
            responses.add(
                new Untagged.ChangedMetadata(
                    name, all.subList(at, Math.min(all.size(), at + MOST_NAMES))));
          }
        });
    return responses;
  }
}
