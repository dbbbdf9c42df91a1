package io.postern.push;

import io.postern.model.FlagsUpdate;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.store.MaildropLock;
import io.postern.store.Messages;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Messages of a store that publish each change of a mailbox after the commit. */
public final class PublishingMessages implements Messages {
  private final Messages messages;
  private final Hints hints;

  public PublishingMessages(Messages messages, Hints hints) {
    this.messages = messages;
    this.hints = hints;
  }

  @Override
  public Uni<Changed> append(MailboxKey mailbox, List<NewMessage> added) {
    return messages.append(mailbox, added).invoke(change -> publish(mailbox, change));
  }

  @Override
  public Uni<Loaded> load(MailboxKey mailbox) {
    return messages.load(mailbox);
  }

  @Override
  public Uni<Since> changesSince(MailboxKey mailbox, ModSeq since) {
    return messages.changesSince(mailbox, since);
  }

  @Override
  public Uni<Changed> storeFlags(MailboxKey mailbox, NumberSet uids, FlagsUpdate update) {
    return messages.storeFlags(mailbox, uids, update).invoke(change -> publish(mailbox, change));
  }

  @Override
  public Uni<Copied> copy(MailboxKey from, NumberSet uids, MailboxKey to) {
    return messages.copy(from, uids, to).invoke(copied -> publish(from, to, copied));
  }

  @Override
  public Uni<Copied> move(MailboxKey from, NumberSet uids, MailboxKey to) {
    return messages.move(from, uids, to).invoke(copied -> publish(from, to, copied));
  }

  @Override
  public Uni<Changed> expunge(MailboxKey mailbox, Optional<NumberSet> uids) {
    return messages.expunge(mailbox, uids).invoke(change -> publish(mailbox, change));
  }

  @Override
  public Uni<Optional<Changed>> update(MaildropLock lock, NumberSet uids) {
    return messages
        .update(lock, uids)
        .invoke(done -> done.ifPresent(change -> publish(lock.mailbox(), change)));
  }

  @Override
  public Uni<Map<ContentId, Long>> crlfSizes(AccountId account) {
    return messages.crlfSizes(account);
  }

  @Override
  public Uni<Contents> contents(
      AccountId account, Collection<ContentId> ids, Columns wanted, long octets) {
    return messages.contents(account, ids, wanted, octets);
  }

  private void publish(MailboxKey from, MailboxKey to, Copied copied) {
    copied.target().ifPresent(change -> publish(to, change));
    copied.source().ifPresent(change -> publish(from, change));
  }

  private void publish(MailboxKey mailbox, Changed change) {
    if (change.modSeq().isAfter(change.previous())) {
      hints.publish(Hint.now(mailbox, change.modSeq()));
    }
  }
}
