package io.postern.store;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.message.FlagsUpdate;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Forwards each call to other {@code Messages}. A decorator implements it and overrides what it
 * does otherwise. What {@code Messages} defines by its own calls is not forwarded, so that it is
 * decorated as they are.
 */
public interface ForwardingMessages extends Messages {
  /** Those that calls are forwarded to. */
  Messages store();

  @Override
  default boolean renders() {
    return store().renders();
  }

  @Override
  default Uni<Map<ContentId, ShownSize>> shownSizes(AccountId account, Collection<ContentId> ids) {
    return store().shownSizes(account, ids);
  }

  @Override
  default Uni<Optional<Found>> find(AccountId account, MailboxName name, Optional<Known> known) {
    return store().find(account, name, known);
  }

  @Override
  default Uni<Loaded> load(MailboxKey mailbox) {
    return store().load(mailbox);
  }

  @Override
  default Uni<Since> changesSince(MailboxKey mailbox, ModSeq since) {
    return store().changesSince(mailbox, since);
  }

  @Override
  default Uni<Since> changesSince(MailboxKey mailbox, ModSeq since, long uidNext) {
    return store().changesSince(mailbox, since, uidNext);
  }

  @Override
  default Uni<Optional<NumberSet>> expungedSince(MailboxKey mailbox, ModSeq since) {
    return store().expungedSince(mailbox, since);
  }

  @Override
  default Uni<Appended> append(Destination to, List<NewMessage> messages) {
    return store().append(to, messages);
  }

  @Override
  default Uni<Changed> storeFlags(MailboxKey mailbox, NumberSet uids, FlagsUpdate update) {
    return store().storeFlags(mailbox, uids, update);
  }

  @Override
  default Uni<Copied> copy(MailboxKey from, NumberSet uids, Destination to) {
    return store().copy(from, uids, to);
  }

  @Override
  default Uni<Copied> move(MailboxKey from, NumberSet uids, Destination to) {
    return store().move(from, uids, to);
  }

  @Override
  default Uni<Changed> expunge(MailboxKey mailbox, Optional<NumberSet> uids) {
    return store().expunge(mailbox, uids);
  }

  @Override
  default Uni<Changed> remove(MailboxKey mailbox, NumberSet uids) {
    return store().remove(mailbox, uids);
  }

  @Override
  default Uni<Optional<Changed>> update(MaildropLock lock, NumberSet uids) {
    return store().update(lock, uids);
  }

  @Override
  default Uni<Map<ContentId, Long>> crlfSizes(AccountId account) {
    return store().crlfSizes(account);
  }

  @Override
  default Uni<Contents> contents(
      AccountId account, Collection<ContentId> ids, Columns columns, long octets) {
    return store().contents(account, ids, columns, octets);
  }

  @Override
  default Uni<Map<ContentId, StoredHeader>> headers(
      AccountId account, Collection<ContentId> ids, HeaderColumns columns) {
    return store().headers(account, ids, columns);
  }

  @Override
  default Uni<Void> prefetch(
      AccountId account, Collection<ContentId> ids, Columns columns, long octets) {
    return store().prefetch(account, ids, columns, octets);
  }
}
