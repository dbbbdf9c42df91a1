package io.postern.store.memory;

import io.postern.mime.search.IndexedText;
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
final class MemoryAccount {
  final TreeMap<MailboxName, MemoryMailbox> boxes = new TreeMap<>();
  final TreeSet<MailboxName> subscriptions = new TreeSet<>();
  final Map<ContentId, Content> contents = new HashMap<>();
  final Map<ContentId, IndexedText> texts = new HashMap<>();
  final List<MemoryRecoverable.Kept> recoverable = new ArrayList<>();
  private final MemoryStore store;
  private final AccountId account;
  private long lastValidity;

  MemoryAccount(MemoryStore store, AccountId account) {
    this.store = store;
    this.account = account;
  }

  Optional<MemoryMailbox> byId(MailboxId id) {
    return boxes.values().stream().filter(box -> box.key.mailbox().equals(id)).findFirst();
  }

  Optional<MemoryMailbox> byName(MailboxName name) {
    return Optional.ofNullable(boxes.get(name));
  }

  boolean hasBelow(MailboxName name) {
    return boxes.keySet().stream().anyMatch(other -> other.isBelow(name));
  }

  /** Whether there is a mailbox at or below the name. */
  boolean exists(MailboxName name) {
    return boxes.containsKey(name) || hasBelow(name);
  }

  /** A new mailbox under a free name, and what is missing above it. */
  MemoryMailbox add(MailboxName name, Optional<SpecialUse> use, int most) {
    var missing = missingAbove(name);
    mustFit(missing.size() + 1, most);
    missing.forEach(above -> put(above, Optional.empty()));
    return put(name, use);
  }

  private void mustFit(int more, int most) {
    if (more > 0 && boxes.size() + more > most) {
      throw MemoryStore.failure(new StoreFailure.LimitReached("mailboxes", most));
    }
  }

  /** A new mailbox under a free name, whatever is above it. */
  MemoryMailbox put(MailboxName name, Optional<SpecialUse> use) {
    // RFC 3501 §2.3.1.1: never the same twice, whatever is deleted, made or renamed.
    lastValidity = Math.max(Instant.now().getEpochSecond(), lastValidity + 1);
    var key = new MailboxKey(account, new MailboxId(store.nextId()));
    var box = new MemoryMailbox(key, name, new UidValidity(lastValidity), use);
    boxes.put(name, box);
    return box;
  }

  /** Each mailbox gets a new UIDVALIDITY; how many there are. */
  int renewValidities() {
    for (var box : boxes.values()) {
      lastValidity = Math.max(Instant.now().getEpochSecond(), lastValidity + 1);
      box.validity = new UidValidity(lastValidity);
    }
    return boxes.size();
  }

  /** Creates the missing parents of the name, up to a limit of mailboxes. */
  void addAbove(MailboxName name, int most) {
    var missing = missingAbove(name);
    mustFit(missing.size(), most);
    missing.forEach(above -> put(above, Optional.empty()));
  }

  private List<MailboxName> missingAbove(MailboxName name) {
    return Stream.iterate(
            name.parent(), Optional::isPresent, above -> above.flatMap(MailboxName::parent))
        .flatMap(Optional::stream)
        .filter(above -> !exists(above))
        .toList()
        .reversed();
  }
}
