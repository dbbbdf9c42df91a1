package io.postern.store.index;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.Messages.Changed;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * The mailbox indexes of a node, shared by all its sessions and event loops, bounded by weight.
 * What is answered is a value: keep it for a turn, not longer, so that evicting frees memory.
 */
public final class MailboxIndexes {
  private final Mailboxes mailboxes;
  private final Messages messages;
  private final IndexCache cache;
  private final SingleFlight flights = new SingleFlight(this::refreshed);
  private final LongAdder hits = new LongAdder();
  private final LongAdder refreshes = new LongAdder();
  private final LongAdder loads = new LongAdder();

  /**
   * @param maxOctets about how much memory all indexes together may take; one that is larger alone
   *     is answered, but not kept
   */
  public MailboxIndexes(Mailboxes mailboxes, Messages messages, long maxOctets) {
    this.mailboxes = mailboxes;
    this.messages = messages;
    this.cache = new IndexCache(maxOctets);
  }

  /**
   * The index with all that was committed before this call, on any node. Costs one read by primary
   * key when nothing changed, a read of the changes when something did; callers at the same time
   * share both. Comes on the Vert.x context of the caller.
   *
   * <p>Fails with {@link StoreFailure.MailboxGone}, {@link StoreFailure.Unavailable}.
   */
  public Uni<MailboxIndex> current(MailboxKey mailbox) {
    return flights.take(mailbox);
  }

  /** The index with at least the changes up to a mod-sequence; no read when it is here. */
  public Uni<MailboxIndex> atLeast(MailboxKey mailbox, ModSeq modSeq) {
    return peek(mailbox)
        .filter(index -> !modSeq.isAfter(index.modSeq()))
        .map(this::hit)
        .orElseGet(() -> current(mailbox));
  }

  /** What is in memory now, however old. */
  public Optional<MailboxIndex> peek(MailboxKey mailbox) {
    return cache.get(mailbox);
  }

  /**
   * Takes in a change that this node made, if nothing else can have happened in between; otherwise
   * the next {@link #current} reads it.
   */
  public void applied(MailboxKey mailbox, Changed change) {
    cache.update(mailbox, index -> index.precedes(change) ? index.apply(change) : index);
  }

  /**
   * The UIDs removed after a mod-sequence, as far as is known now: it may name some that an index
   * in the caller's hand still has, or had never.
   */
  public Uni<NumberSet> goneSince(MailboxKey mailbox, ModSeq since) {
    return peek(mailbox)
        .flatMap(index -> index.goneSince(since))
        .map(gone -> Uni.createFrom().item(gone))
        .orElseGet(() -> messages.changesSince(mailbox, since).map(Messages.Since::gone));
  }

  /** How many indexes are kept now. */
  public int count() {
    return cache.count();
  }

  /** About how much memory they take now. */
  public long octets() {
    return cache.octets();
  }

  /** How often one was here and up to date. */
  public long hits() {
    return hits.sum();
  }

  /** How often one was here and the changes since were read. */
  public long refreshes() {
    return refreshes.sum();
  }

  /** How often a whole mailbox was read. */
  public long loads() {
    return loads.sum();
  }

  /** How many left memory to make room. */
  public long evictions() {
    return cache.evictions();
  }

  private Uni<MailboxIndex> hit(MailboxIndex index) {
    hits.increment();
    return Uni.createFrom().item(index);
  }

  private Uni<MailboxIndex> refreshed(MailboxKey mailbox) {
    return mailboxes
        .state(mailbox)
        .chain(state -> reaching(mailbox, state))
        .map(index -> cache.put(mailbox, index))
        .onFailure(MailboxIndexes::gone)
        .invoke(() -> cache.remove(mailbox));
  }

  private Uni<MailboxIndex> reaching(MailboxKey mailbox, MailboxState state) {
    var known = peek(mailbox).filter(i -> i.uidValidity().equals(state.uidValidity()));
    if (known.isEmpty()) {
      // An index of another validity is no newer one, whatever its mod-sequence.
      cache.remove(mailbox);
      loads.increment();
      return messages.load(mailbox).map(MailboxIndex::of);
    }
    var index = known.get();
    if (index.modSeq().equals(state.highestModSeq())) {
      return hit(index.with(state));
    }
    if (index.modSeq().isAfter(state.highestModSeq())) {
      return hit(index);
    }
    refreshes.increment();
    return messages.changesSince(mailbox, index.modSeq()).map(index::apply);
  }

  private static boolean gone(Throwable failure) {
    return failure instanceof StoreException e && e.failure() instanceof StoreFailure.MailboxGone;
  }
}
