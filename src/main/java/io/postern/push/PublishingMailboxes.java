package io.postern.push;

import io.postern.cancellation.CancellationToken;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.model.NumberSet;
import io.postern.model.SpecialUse;
import io.postern.store.Mailboxes;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/** Mailboxes that publish each change of names and subscriptions after the commit. */
public final class PublishingMailboxes implements Mailboxes {
  private static final System.Logger LOG = System.getLogger(PublishingMailboxes.class.getName());

  private final Mailboxes store;
  private final Hints hints;

  public PublishingMailboxes(Mailboxes store, Hints hints) {
    this.store = store;
    this.hints = hints;
  }

  @Override
  public Uni<MailboxInfo> create(AccountId account, MailboxName name, Optional<SpecialUse> use) {
    // Not a hint of the mailbox: one of its first message would take its place.
    return store.create(account, name, use).call(() -> publishNames(account));
  }

  @Override
  public Uni<MailboxKey> delete(AccountId account, MailboxName name) {
    return store.delete(account, name).invoke(this::publishDeleted);
  }

  /** A session at any mod-sequence resyncs, and finds the mailbox deleted. */
  private void publishDeleted(MailboxKey mailbox) {
    hints.publish(Hint.now(mailbox, Hint.GONE));
  }

  @Override
  public Uni<Void> rename(AccountId account, MailboxName from, MailboxName to) {
    return store
        .rename(account, from, to)
        .call(() -> publishNames(account))
        .call(() -> CancellationToken.uncancelled(publishState(account, to)))
        // RFC 3501 §6.3.5: INBOX stays, and is empty now.
        .call(
            () ->
                from.isInbox()
                    ? CancellationToken.uncancelled(publishState(account, from))
                    : Uni.createFrom().voidItem());
  }

  private Uni<Void> publishNames(AccountId account) {
    return unfailing(
        Uni.createFrom().voidItem().invoke(() -> hints.publish(Hint.ofNames(account))));
  }

  private Uni<Void> publishState(AccountId account, MailboxName name) {
    return unfailing(
        store
            .find(account, name)
            .chain(
                found ->
                    found.map(this::publishState).orElseGet(() -> Uni.createFrom().voidItem())));
  }

  /** A failure of the hint does not fail the change: other sessions then see it later. */
  private static Uni<Void> unfailing(Uni<Void> publishing) {
    return publishing
        .onFailure()
        .recoverWithItem(
            failure -> {
              LOG.log(
                  System.Logger.Level.DEBUG, "no hint was published for a changed name", failure);
              return null;
            });
  }

  private Uni<Void> publishState(MailboxInfo info) {
    return store
        .state(info.key())
        .invoke(state -> hints.publish(Hint.now(info.key(), state.highestModSeq())))
        .replaceWithVoid();
  }

  @Override
  public Uni<List<MailboxInfo>> list(AccountId account) {
    return store.list(account);
  }

  @Override
  public Uni<Optional<MailboxInfo>> find(AccountId account, MailboxName name) {
    return store.find(account, name);
  }

  @Override
  public Uni<SortedSet<MailboxName>> subscriptions(AccountId account) {
    return store.subscriptions(account);
  }

  @Override
  public Uni<Void> subscribe(AccountId account, MailboxName name) {
    return store.subscribe(account, name).call(() -> publishNames(account));
  }

  @Override
  public Uni<Void> subscribeUnseen(AccountId account, MailboxName name) {
    return store.subscribeUnseen(account, name);
  }

  @Override
  public Uni<Void> unsubscribe(AccountId account, MailboxName name) {
    return store.unsubscribe(account, name).call(() -> publishNames(account));
  }

  @Override
  public Uni<MailboxState> state(MailboxKey mailbox) {
    return store.state(mailbox);
  }

  @Override
  public Uni<Map<MailboxId, MailboxState>> states(AccountId account) {
    return store.states(account);
  }

  @Override
  public Uni<Map<MailboxKey, MailboxState>> states(Collection<MailboxKey> mailboxes) {
    return store.states(mailboxes);
  }

  @Override
  public Uni<NumberSet> claimRecent(MailboxKey mailbox) {
    return store.claimRecent(mailbox);
  }

  @Override
  public Uni<Optional<Status>> status(AccountId account, MailboxName name) {
    return store.status(account, name);
  }

  @Override
  public Uni<Optional<Claim>> claimRecent(AccountId account, MailboxName name) {
    return store.claimRecent(account, name);
  }
}
