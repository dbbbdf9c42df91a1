package io.postern.store.memory;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.BlobId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.Rights;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.Account;
import io.postern.store.account.AppPasswords.AppPassword;
import io.postern.store.account.MailboxPlan;
import io.postern.store.account.Quotas;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** All that is kept, and the lock around it. */
public final class MemoryStore {
  final Map<String, Account> accounts = new HashMap<>();
  final TreeMap<String, MemoryDeletedAccounts.Kept> deleted = new TreeMap<>();
  final Map<AccountId, MemoryAccount> households = new HashMap<>();
  final Map<BlobId, List<Buffer>> blobs = new HashMap<>();
  final Map<MailboxKey, MemoryMaildropLocks.Row> locks = new HashMap<>();
  final Map<AccountId, TreeMap<String, AppPassword>> appPasswords = new HashMap<>();
  final TreeMap<String, MailboxPlan> plans = new TreeMap<>();
  final Map<AccountId, Quotas.Levels> quotas = new HashMap<>();
  final Map<MemoryAccessLists.Key, Rights> access = new HashMap<>();
  final Map<MemoryAnnotations.Key, Buffer> annotations = new HashMap<>();
  final Map<MemoryAnnotations.Key, Long> annotationVersions = new HashMap<>();
  final Set<MemoryGrants.Grant> grants = new HashSet<>();
  private final ReentrantLock lock = new ReentrantLock();
  private long lastId;

  /** One call of the store: alone, when it is subscribed to, all or nothing. */
  <T> Uni<T> call(Supplier<T> work) {
    return Uni.createFrom()
        .item(
            () -> {
              lock.lock();
              try {
                return work.get();
              } finally {
                lock.unlock();
              }
            });
  }

  /** Like {@link #call}, with no answer. */
  Uni<Void> run(Runnable work) {
    return call(() -> {
          work.run();
          return true;
        })
        .replaceWithVoid();
  }

  /** Octets of all blobs. */
  public int storedOctets() {
    return blobs.values().stream().flatMap(List::stream).mapToInt(Buffer::length).sum();
  }

  /** The UIDs of the messages in a mailbox, by its object identifier; none if it is gone. */
  public List<Long> uids(String objectId) {
    lock.lock();
    try {
      return households.values().stream()
          .flatMap(household -> household.boxes.values().stream())
          .filter(box -> box.key.mailbox().objectId(box.validity).equals(objectId))
          .flatMap(box -> box.messages.keySet().stream())
          .toList();
    } finally {
      lock.unlock();
    }
  }

  long nextId() {
    return ++lastId;
  }

  MemoryAccount account(AccountId account) {
    return Optional.ofNullable(households.get(account))
        .orElseThrow(() -> new IllegalArgumentException("no " + account));
  }

  MemoryMailbox box(MailboxKey key) {
    return Optional.ofNullable(households.get(key.account()))
        .flatMap(household -> household.byId(key.mailbox()))
        .orElseThrow(() -> failure(new StoreFailure.MailboxGone()));
  }

  /** Keeps bytes that came with a message. */
  BlobId keep(Buffer bytes) {
    var blob = BlobId.random();
    blobs.put(blob, new ArrayList<>(List.of(bytes.copy())));
    return blob;
  }

  static StoreException failure(StoreFailure failure) {
    return new StoreException(failure);
  }
}
