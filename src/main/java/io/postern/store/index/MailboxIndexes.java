package io.postern.store.index;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.store.IndexReader;
import io.postern.store.IndexReader.Found;
import io.postern.store.IndexReader.Known;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.Since;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * The mailbox indexes of a node, shared by all its sessions and event loops, bounded by weight. A
 * returned index is a value: keep it for one turn of the event loop, so that evicting frees memory.
 */
public final class MailboxIndexes {
  /** A mailbox that has a name, and its index. */
  public record Named(MailboxKey mailbox, MailboxIndex index) {
    private Known known() {
      return new Known(mailbox, index.modSeq(), index.uidNext());
    }
  }

  private final IndexReader reader;
  private final IndexCache cache;
  private final MailboxNames names = new MailboxNames();
  private final SingleFlight<MailboxKey, MailboxIndex> byKey = new SingleFlight<>(this::refresh);
  private final SingleFlight<MailboxNames.Name, Optional<Named>> byName =
      new SingleFlight<>(this::refresh);
  private final LongAdder hits = new LongAdder();
  private final LongAdder refreshes = new LongAdder();
  private final LongAdder loads = new LongAdder();

  /**
   * @param maxOctets about how much memory all indexes together may take; one that is larger alone
   *     is returned, but not cached
   */
  public MailboxIndexes(IndexReader reader, long maxOctets) {
    this.reader = reader;
    this.cache = new IndexCache(maxOctets);
  }

  /**
   * The index with all that was committed before this call, on any node. Costs one read of the
   * changes, which is a read by primary key when there are none; concurrent callers share it.
   * Completes on the Vert.x context of the caller.
   *
   * <p>Fails with {@link StoreFailure.MailboxGone}, {@link StoreFailure.Unavailable}.
   */
  public Uni<MailboxIndex> current(MailboxKey mailbox) {
    return byKey.get(mailbox);
  }

  /**
   * The same of the mailbox that has this name when it is read; empty when none has. Costs one read
   * in any case: the name and the mailbox are read at one moment.
   */
  public Uni<Optional<Named>> current(AccountId account, MailboxName name) {
    return byName.get(new MailboxNames.Name(account, name));
  }

  /**
   * The mailbox that had this name when this node last learned of it; it may have lost it since.
   */
  public Optional<MailboxKey> lastNamed(AccountId account, MailboxName name) {
    return names.get(new MailboxNames.Name(account, name));
  }

  /** A mailbox has this name, as this node has just read. */
  public void learn(MailboxName name, MailboxKey mailbox) {
    names.put(new MailboxNames.Name(mailbox.account(), name), mailbox);
  }

  /** The cached index, however old. */
  public Optional<MailboxIndex> peek(MailboxKey mailbox) {
    return cache.get(mailbox);
  }

  /**
   * Applies a change that this node made, if no other can lie between; otherwise the next {@link
   * #current} reads it.
   */
  public void apply(MailboxKey mailbox, Changed change) {
    cache.update(mailbox, index -> index.precedes(change) ? index.apply(change) : index);
  }

  /**
   * The UIDs removed after a mod-sequence, as far as is known now: may include some that the
   * caller's index still has, or never had.
   */
  public Uni<NumberSet> goneSince(MailboxKey mailbox, ModSeq since) {
    return peek(mailbox)
        .flatMap(index -> index.goneSince(since))
        .map(gone -> Uni.createFrom().item(gone))
        .orElseGet(() -> reader.changesSince(mailbox, since).map(Since::gone));
  }

  /**
   * The UIDs of messages that an index no longer has, removed after a mod-sequence; where removals
   * so long ago are not recorded any more, all UIDs below its next that it does not have (RFC 7162
   * §3.2.6).
   */
  public Uni<NumberSet> vanishedSince(MailboxKey mailbox, MailboxIndex index, ModSeq since) {
    if (!index.modSeq().isAfter(since)) {
      return Uni.createFrom().item(NumberSet.EMPTY);
    }
    return index
        .goneSince(since)
        .map(gone -> Uni.createFrom().item(gone))
        .orElseGet(
            () ->
                reader
                    .expungedSince(mailbox, since)
                    .map(
                        expunged ->
                            expunged
                                // Those removed after the index was read are still in it.
                                .map(gone -> gone.minus(index.present(gone)))
                                .orElseGet(index::absent)));
  }

  /** How many indexes are cached now. */
  public int count() {
    return cache.count();
  }

  /** About how much memory they take now. */
  public long octets() {
    return cache.octets();
  }

  /** How often a cached index was up to date. */
  public long hits() {
    return hits.sum();
  }

  /** How often the changes since a cached index were read. */
  public long refreshes() {
    return refreshes.sum();
  }

  /** How often a whole mailbox was read. */
  public long loads() {
    return loads.sum();
  }

  /** How many indexes were evicted. */
  public long evictions() {
    return cache.evictions();
  }

  private Uni<MailboxIndex> hit(MailboxIndex index) {
    hits.increment();
    return Uni.createFrom().item(index);
  }

  private Uni<MailboxIndex> refresh(MailboxKey mailbox) {
    return peek(mailbox)
        .map(
            index ->
                reader
                    .changesSince(mailbox, index.modSeq(), index.uidNext())
                    .chain(since -> upTo(mailbox, index, since)))
        .orElseGet(() -> load(mailbox))
        .map(index -> cache.put(mailbox, index))
        .onFailure(MailboxIndexes::isMailboxGone)
        .invoke(() -> cache.remove(mailbox));
  }

  private Uni<Optional<Named>> refresh(MailboxNames.Name name) {
    var cached = names.get(name).flatMap(key -> peek(key).map(index -> new Named(key, index)));
    return reader
        .find(name.account(), name.name(), cached.map(Named::known))
        .chain(
            found ->
                found
                    .map(it -> named(name, cached, it).map(Optional::of))
                    .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
  }

  private Uni<Named> named(MailboxNames.Name name, Optional<Named> cached, Found found) {
    var mailbox = found.mailbox();
    names.put(name, mailbox);
    var index =
        switch (found) {
          case Found.Whole(_, var loaded) -> {
            loads.increment();
            yield Uni.createFrom().item(MailboxIndex.of(loaded));
          }
          case Found.Changes(_, var since) -> upTo(mailbox, cached.orElseThrow().index(), since);
        };
    return index.map(it -> new Named(mailbox, cache.put(mailbox, it)));
  }

  private Uni<MailboxIndex> load(MailboxKey mailbox) {
    loads.increment();
    return reader.load(mailbox).map(MailboxIndex::of);
  }

  private Uni<MailboxIndex> upTo(MailboxKey mailbox, MailboxIndex index, Since since) {
    var state = since.state();
    if (!index.uidValidity().equals(state.uidValidity())) {
      // An index of another UIDVALIDITY is no newer one, whatever its mod-sequence.
      cache.remove(mailbox);
      return load(mailbox);
    }
    if (index.modSeq().equals(state.highestModSeq())) {
      return hit(index.with(state));
    }
    if (index.modSeq().isAfter(state.highestModSeq())) {
      return hit(index);
    }
    refreshes.increment();
    return Uni.createFrom().item(index.apply(since));
  }

  private static boolean isMailboxGone(Throwable failure) {
    return failure instanceof StoreException e && e.failure() instanceof StoreFailure.MailboxGone;
  }
}
