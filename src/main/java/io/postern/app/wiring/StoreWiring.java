package io.postern.app.wiring;

import io.postern.config.Live;
import io.postern.push.HintPublisher;
import io.postern.push.Hints;
import io.postern.push.PublishingAnnotations;
import io.postern.push.PublishingMailboxes;
import io.postern.store.Annotations;
import io.postern.store.Blobs;
import io.postern.store.ChangeListener;
import io.postern.store.Mailboxes;
import io.postern.store.Mailboxes.Limits;
import io.postern.store.MaildropLocks;
import io.postern.store.Messages;
import io.postern.store.NotifyingMessages;
import io.postern.store.account.AccessLists;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.DeletedAccounts;
import io.postern.store.account.Grants;
import io.postern.store.account.MailboxPlans;
import io.postern.store.account.Quotas;
import io.postern.store.content.CachingBlobs;
import io.postern.store.content.CachingMessages;
import io.postern.store.content.ContentCache;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.maintenance.AuditTrail;
import io.postern.store.maintenance.Recoverable;
import io.postern.store.maintenance.StoreVerification;
import io.postern.store.maintenance.UidValidities;
import io.postern.store.postgres.PgAuditTrail;
import io.postern.store.postgres.PgBlobs;
import io.postern.store.postgres.PgIndexedTexts;
import io.postern.store.postgres.PgRecoverable;
import io.postern.store.postgres.PgStoreVerification;
import io.postern.store.postgres.SparsePages;
import io.postern.store.postgres.Sweeper;
import io.postern.store.postgres.account.AccountPurge;
import io.postern.store.postgres.account.PgAccessLists;
import io.postern.store.postgres.account.PgAccounts;
import io.postern.store.postgres.account.PgAnnotations;
import io.postern.store.postgres.account.PgAppPasswords;
import io.postern.store.postgres.account.PgDeletedAccounts;
import io.postern.store.postgres.account.PgGrants;
import io.postern.store.postgres.account.PgMailboxPlans;
import io.postern.store.postgres.account.PgQuotas;
import io.postern.store.postgres.account.PgUidValidities;
import io.postern.store.postgres.content.CrlfBackfill;
import io.postern.store.postgres.mailbox.PgMailboxes;
import io.postern.store.postgres.message.DamagedMailboxes;
import io.postern.store.postgres.message.PgIndexReader;
import io.postern.store.postgres.message.PgMaildropLocks;
import io.postern.store.postgres.message.PgMessages;
import io.postern.store.postgres.tx.Tx;
import io.postern.store.search.IndexingQueue;
import io.postern.store.search.SearchIndexing;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;

/** Wires the store, its indexes and the publication of changes. */
final class StoreWiring {
  /** The indexes may take the heap divided by this. */
  private static final int HEAP_PART = 8;

  @Produces
  @Singleton
  InstantSource clock() {
    return InstantSource.system();
  }

  @Produces
  @Singleton
  Accounts accounts(Tx tx, SiteParts sites) {
    return sites.published(new PgAccounts(tx), new PgAppPasswords(tx));
  }

  @Produces
  @Singleton
  DeletedAccounts deletedAccounts(Tx tx) {
    return new PgDeletedAccounts(tx);
  }

  @Produces
  @Singleton
  AccountPurge purge(Tx tx) {
    return new AccountPurge(tx);
  }

  @Produces
  @Singleton
  UidValidities uidValidities(Tx tx) {
    return new PgUidValidities(tx);
  }

  @Produces
  @Singleton
  StoreVerification verification(Tx tx) {
    return new PgStoreVerification(tx);
  }

  @Produces
  @Singleton
  AppPasswords appPasswords(Tx tx, SiteParts sites) {
    return sites.publishedAppPasswords(new PgAccounts(tx), new PgAppPasswords(tx));
  }

  @Produces
  @Singleton
  Grants grants(Tx tx) {
    return new PgGrants(tx);
  }

  @Produces
  @Singleton
  @Typed(PgMailboxes.class)
  PgMailboxes storedMailboxes(Tx tx, Live live) {
    return new PgMailboxes(
        tx,
        () -> {
          var now = live.now().mailbox();
          return new Limits(now.maxMailboxes(), now.maxSubscriptions());
        });
  }

  @Produces
  @Singleton
  Mailboxes mailboxes(PgMailboxes stored, Hints hints) {
    return new PublishingMailboxes(stored, hints);
  }

  @Produces
  @Singleton
  @Typed(PgMessages.class)
  PgMessages storedMessages(
      Tx tx, InstantSource clock, MailboxIndexes indexes, Live live, DamagedMailboxes damaged) {
    return new PgMessages(tx, clock, indexes, () -> defaults(live), damaged);
  }

  @Produces
  @Singleton
  Quotas quotas(Tx tx, Live live) {
    return new PgQuotas(tx, () -> defaults(live));
  }

  @Produces
  @Singleton
  MailboxPlans plans(Tx tx) {
    return new PgMailboxPlans(tx);
  }

  @Produces
  @Singleton
  Annotations annotations(Tx tx, Hints hints) {
    return new PublishingAnnotations(new PgAnnotations(tx), hints);
  }

  @Produces
  @Singleton
  AccessLists lists(Tx tx) {
    return new PgAccessLists(tx);
  }

  private static Quotas.Levels defaults(Live live) {
    var now = live.now().mailbox();
    return new Quotas.Levels(
        now.issueWarningQuota().map(MemorySize::asLongValue),
        now.prohibitSendQuota().map(MemorySize::asLongValue),
        now.prohibitSendReceiveQuota().map(MemorySize::asLongValue),
        now.maxMessages());
  }

  /** A change is applied to the node's own index before it is published. */
  @Produces
  @Singleton
  ChangeListener changes(MailboxIndexes indexes, Hints hints) {
    return ChangeListener.inOrder(List.of(indexes::apply, new HintPublisher(hints)));
  }

  @Produces
  @Singleton
  Messages messages(
      PgMessages stored, ContentCache contents, IndexingQueue unindexed, ChangeListener changes) {
    return new NotifyingMessages(new CachingMessages(stored, contents, unindexed::offer), changes);
  }

  @Produces
  @Singleton
  IndexingQueue unindexed() {
    return new IndexingQueue();
  }

  @Produces
  @Singleton
  SearchIndexing indexing(
      IndexingQueue unindexed, Messages messages, Blobs blobs, Tx tx, ContentCache contents) {
    return new SearchIndexing(
        unindexed,
        new SearchIndexing.Ports(messages, blobs, new PgIndexedTexts(tx), contents),
        Infrastructure.getDefaultExecutor());
  }

  @Produces
  @Singleton
  ContentCache contents(Live live) {
    return new ContentCache(() -> live.now().store().contentCacheOctets());
  }

  @Produces
  @Singleton
  Blobs blobs(Tx tx, ContentCache contents) {
    return new CachingBlobs(new PgBlobs(tx), contents);
  }

  @Produces
  @Singleton
  MaildropLocks locks(Tx tx) {
    return new PgMaildropLocks(tx);
  }

  @Produces
  @Singleton
  Recoverable recoverable(Tx tx, InstantSource clock, ChangeListener changes) {
    return new PgRecoverable(tx, clock, changes);
  }

  @Produces
  @Singleton
  AuditTrail trail(Tx tx) {
    return new PgAuditTrail(tx);
  }

  @Produces
  @Singleton
  Sweeper sweeper(Tx tx, Blobs blobs) {
    return new Sweeper(tx, blobs);
  }

  @Produces
  @Singleton
  SparsePages sparse(Tx tx) {
    return new SparsePages(tx);
  }

  @Produces
  @Singleton
  CrlfBackfill backfill(Tx tx) {
    return new CrlfBackfill(tx);
  }

  @Produces
  @Singleton
  MailboxIndexes indexes(Tx tx, DamagedMailboxes damaged) {
    return new MailboxIndexes(
        new PgIndexReader(tx, damaged), Runtime.getRuntime().maxMemory() / HEAP_PART);
  }

  @Produces
  @Singleton
  DamagedMailboxes damaged(Tx tx) {
    return new DamagedMailboxes(tx);
  }
}
