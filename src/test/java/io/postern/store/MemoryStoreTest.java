package io.postern.store;

import io.postern.store.account.AccessLists;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.DeletedAccounts;
import io.postern.store.account.Grants;
import io.postern.store.account.MailboxPlans;
import io.postern.store.account.Quotas;
import io.postern.store.maintenance.Recoverable;
import io.postern.store.maintenance.UidValidities;
import io.postern.store.memory.MemoryAccessLists;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryAnnotations;
import io.postern.store.memory.MemoryAppPasswords;
import io.postern.store.memory.MemoryBlobs;
import io.postern.store.memory.MemoryDeletedAccounts;
import io.postern.store.memory.MemoryGrants;
import io.postern.store.memory.MemoryMailboxPlans;
import io.postern.store.memory.MemoryMailboxes;
import io.postern.store.memory.MemoryMaildropLocks;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryQuotas;
import io.postern.store.memory.MemoryRecoverable;
import io.postern.store.memory.MemoryStore;
import io.postern.store.memory.MemoryUidValidities;

/** The model keeps the contract. */
class MemoryStoreTest extends StoreContract {
  private final MemoryStore store = new MemoryStore();
  private final MemoryUidValidities uidValidities = new MemoryUidValidities(store);

  @Override
  protected Accounts accounts() {
    return new MemoryAccounts(store);
  }

  @Override
  protected AppPasswords appPasswords() {
    return new MemoryAppPasswords(store);
  }

  @Override
  protected DeletedAccounts deletedAccounts() {
    return new MemoryDeletedAccounts(store);
  }

  @Override
  protected UidValidities uidValidities() {
    return uidValidities;
  }

  @Override
  protected Grants grants() {
    return new MemoryGrants(store);
  }

  @Override
  protected AccessLists lists() {
    return new MemoryAccessLists(store);
  }

  @Override
  protected Annotations annotations() {
    return new MemoryAnnotations(store);
  }

  @Override
  protected Quotas quotas() {
    return new MemoryQuotas(store, () -> Quotas.Levels.NONE);
  }

  @Override
  protected MailboxPlans plans() {
    return new MemoryMailboxPlans(store);
  }

  @Override
  protected Mailboxes mailboxes() {
    return new MemoryMailboxes(store);
  }

  @Override
  protected Mailboxes mailboxes(Mailboxes.Limits limits) {
    return new MemoryMailboxes(store, () -> limits);
  }

  @Override
  protected Messages messages() {
    return new MemoryMessages(store);
  }

  @Override
  protected MaildropLocks locks() {
    return new MemoryMaildropLocks(store);
  }

  @Override
  protected Recoverable recoverable() {
    return new MemoryRecoverable(store);
  }

  @Override
  protected Blobs blobs() {
    return new MemoryBlobs(store);
  }
}
