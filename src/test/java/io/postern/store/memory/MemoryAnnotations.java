package io.postern.store.memory;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.store.Annotations;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The annotations of a {@link MemoryStore}. */
public final class MemoryAnnotations implements Annotations {
  private final MemoryStore store;

  public MemoryAnnotations(MemoryStore store) {
    this.store = store;
  }

  /**
   * Where an annotation is kept.
   *
   * @param mailbox 0: of the server
   * @param viewer 0: shared
   */
  record Key(long account, long mailbox, long viewer, String entry) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byMailbox = Long.compare(mailbox, other.mailbox);
      return byMailbox != 0 ? byMailbox : entry.compareTo(other.entry);
    }

    Optional<MailboxId> subject() {
      return mailbox == 0 ? Optional.empty() : Optional.of(new MailboxId(mailbox));
    }

    Key in(MailboxId other) {
      return new Key(account, other.value(), viewer, entry);
    }
  }

  private static long mailbox(Subject subject) {
    return subject.mailbox().map(MailboxId::value).orElse(0L);
  }

  @Override
  public Uni<List<Found>> read(Subject subject, AccountId viewer, Query query) {
    return store.call(
        () ->
            found(subject.account(), viewer, query).stream()
                .filter(it -> it.mailbox().equals(subject.mailbox()))
                .toList());
  }

  @Override
  public Uni<List<Found>> readAll(AccountId account, AccountId viewer, Query query) {
    return store.call(
        () ->
            found(account, viewer, query).stream().filter(it -> it.mailbox().isPresent()).toList());
  }

  private List<Found> found(AccountId account, AccountId viewer, Query query) {
    return store.annotations.entrySet().stream()
        .filter(it -> it.getKey().account == account.value() && isThere(it.getKey()))
        .filter(it -> it.getKey().viewer == 0 || it.getKey().viewer == viewer.value())
        .filter(it -> isAsked(it.getKey().entry, query))
        .sorted(Map.Entry.comparingByKey())
        .map(it -> found(it.getKey(), it.getValue(), query.most()))
        .toList();
  }

  private static Found found(Key key, Buffer value, long most) {
    var shown = Optional.of(value).filter(it -> it.length() <= most);
    return new Found(key.subject(), key.entry, value.length(), shown);
  }

  private static boolean isAsked(String entry, Query query) {
    return query.entries().stream().anyMatch(name -> isAsked(entry, name, query.depth()));
  }

  private static boolean isAsked(String entry, String name, Depth depth) {
    if (entry.equals(name)) {
      return true;
    }
    boolean below = entry.startsWith(name + "/");
    return switch (depth) {
      case ITSELF -> false;
      case CHILDREN -> below && entry.indexOf('/', name.length() + 1) < 0;
      case ALL -> below;
    };
  }

  /** Annotations go with their mailbox. */
  private boolean isThere(Key key) {
    var household = store.households.get(new AccountId(key.account));
    return household != null
        && (key.mailbox == 0 || household.byId(new MailboxId(key.mailbox)).isPresent());
  }

  @Override
  public Uni<List<Version>> versions(AccountId account, AccountId viewer, int most) {
    return store.call(
        () ->
            store.annotations.keySet().stream()
                .filter(it -> it.account == account.value() && isThere(it))
                .filter(it -> it.viewer == 0 || it.viewer == viewer.value())
                .sorted()
                .limit(most)
                .map(
                    it ->
                        new Version(
                            it.subject(), it.entry, store.annotationVersions.getOrDefault(it, 0L)))
                .toList());
  }

  @Override
  public Uni<Long> set(
      Subject subject, AccountId viewer, Map<String, Optional<Buffer>> values, Limits limits) {
    return store.call(
        () -> {
          subject.mailbox().ifPresent(it -> store.box(new MailboxKey(subject.account(), it)));
          var after = new HashMap<>(store.annotations);
          values.forEach((entry, value) -> put(after, key(subject, viewer, entry), value));
          var added = new HashMap<>(after);
          added.keySet().removeAll(store.annotations.keySet());
          for (long of : new long[] {0, viewer.value()}) {
            if (count(added, subject, of) > 0 && count(after, subject, of) > limits.entries()) {
              throw MemoryStore.failure(
                  new StoreFailure.LimitReached("annotations", limits.entries()));
            }
          }
          long octets = octets(after, subject.account());
          if (octets > limits.octets() && octets > octets(store.annotations, subject.account())) {
            throw MemoryStore.failure(
                new StoreFailure.OverQuota(Optional.of(limits.octets()), Optional.empty()));
          }
          store.annotations.clear();
          store.annotations.putAll(after);
          long version = store.nextId();
          values
              .keySet()
              .forEach(it -> store.annotationVersions.put(key(subject, viewer, it), version));
          return version;
        });
  }

  private static Key key(Subject subject, AccountId viewer, String entry) {
    return new Key(
        subject.account().value(),
        mailbox(subject),
        entry.startsWith(PRIVATE) ? viewer.value() : 0,
        entry);
  }

  private static void put(Map<Key, Buffer> all, Key key, Optional<Buffer> value) {
    value.ifPresentOrElse(it -> all.put(key, it.copy()), () -> all.remove(key));
  }

  private static long octets(Map<Key, Buffer> all, AccountId account) {
    return all.entrySet().stream()
        .filter(it -> it.getKey().account == account.value())
        .mapToLong(it -> it.getValue().length())
        .sum();
  }

  private static long count(Map<Key, Buffer> all, Subject subject, long viewer) {
    return all.keySet().stream()
        .filter(it -> it.account == subject.account().value() && it.mailbox == mailbox(subject))
        .filter(it -> it.viewer == viewer)
        .count();
  }

  /** RFC 5464 §4.1: INBOX keeps its annotations when its messages are moved. */
  static void copy(MemoryStore store, MemoryMailbox inbox, MemoryMailbox into) {
    long from = inbox.key.mailbox().value();
    for (var it : List.copyOf(store.annotations.entrySet())) {
      if (it.getKey().mailbox == from) {
        var copy = it.getKey().in(into.key.mailbox());
        store.annotations.put(copy, it.getValue());
        store.annotationVersions.put(copy, store.nextId());
      }
    }
  }
}
