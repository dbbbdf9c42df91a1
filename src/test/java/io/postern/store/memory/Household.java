package io.postern.store.memory;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.SpecialUse;
import io.postern.model.UidValidity;
import io.postern.store.Messages.Content;
import io.postern.store.StoreFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What one account owns. */
final class Household {
  /** How many mailboxes an account may have. */
  static final int MAX_MAILBOXES = 10_000;

  final TreeMap<MailboxName, Box> boxes = new TreeMap<>();
  final TreeSet<MailboxName> subscriptions = new TreeSet<>();
  final Map<ContentId, Content> contents = new HashMap<>();
  final List<MemoryRecoverable.Kept> recoverable = new ArrayList<>();
  private final MemoryStore store;
  private final AccountId account;
  private long lastValidity;

  Household(MemoryStore store, AccountId account) {
    this.store = store;
    this.account = account;
  }

  Optional<Box> byId(MailboxId id) {
    return boxes.values().stream().filter(box -> box.key.mailbox().equals(id)).findFirst();
  }

  Optional<Box> byName(MailboxName name) {
    return Optional.ofNullable(boxes.get(name));
  }

  boolean hasBelow(MailboxName name) {
    return boxes.keySet().stream().anyMatch(other -> other.isBelow(name));
  }

  /** A new mailbox under a free name, and what is missing above it. */
  Box add(MailboxName name, Optional<SpecialUse> use) {
    var missing = missingAbove(name);
    if (boxes.size() + missing.size() >= MAX_MAILBOXES) {
      throw MemoryStore.failure(new StoreFailure.LimitReached("mailboxes", MAX_MAILBOXES));
    }
    missing.forEach(above -> replace(above, Optional.empty()));
    return replace(name, use);
  }

  /** A new mailbox under the name, free or not. */
  Box replace(MailboxName name, Optional<SpecialUse> use) {
    // RFC 3501 §2.3.1.1: never the same twice, whatever is deleted, made or renamed.
    lastValidity = Math.max(Instant.now().getEpochSecond(), lastValidity + 1);
    var key = new MailboxKey(account, new MailboxId(store.nextId()));
    var box = new Box(key, name, new UidValidity(lastValidity), use);
    boxes.put(name, box);
    return box;
  }

  /** Makes what is missing above the name. */
  void addAbove(MailboxName name) {
    missingAbove(name).forEach(above -> replace(above, Optional.empty()));
  }

  private List<MailboxName> missingAbove(MailboxName name) {
    return Stream.iterate(
            name.parent(), Optional::isPresent, above -> above.flatMap(MailboxName::parent))
        .flatMap(Optional::stream)
        .filter(above -> !boxes.containsKey(above))
        .toList()
        .reversed();
  }
}
