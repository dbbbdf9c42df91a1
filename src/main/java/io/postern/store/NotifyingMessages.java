package io.postern.store;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.message.FlagsUpdate;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** Decorates {@code Messages}: notifies a listener of each change after its commit. */
public final class NotifyingMessages implements ForwardingMessages {
  private final Messages store;
  private final ChangeListener listener;

  public NotifyingMessages(Messages store, ChangeListener listener) {
    this.store = store;
    this.listener = listener;
  }

  @Override
  public Messages store() {
    return store;
  }

  @Override
  public Uni<Appended> append(Destination to, List<NewMessage> messages) {
    return store
        .append(to, messages)
        .invoke(appended -> listener.changed(appended.mailbox(), appended.change()));
  }

  @Override
  public Uni<Changed> storeFlags(MailboxKey mailbox, NumberSet uids, FlagsUpdate update) {
    return store
        .storeFlags(mailbox, uids, update)
        .invoke(change -> listener.changed(mailbox, change));
  }

  @Override
  public Uni<Copied> copy(MailboxKey from, NumberSet uids, Destination to) {
    return store.copy(from, uids, to).invoke(copied -> changed(from, copied));
  }

  @Override
  public Uni<Copied> move(MailboxKey from, NumberSet uids, Destination to) {
    return store.move(from, uids, to).invoke(copied -> changed(from, copied));
  }

  /** The target goes first: a move within one mailbox adds messages before it removes them. */
  private void changed(MailboxKey from, Copied copied) {
    copied.target().ifPresent(change -> listener.changed(copied.mailbox(), change));
    copied.source().ifPresent(change -> listener.changed(from, change));
  }

  @Override
  public Uni<Changed> expunge(MailboxKey mailbox, Optional<NumberSet> uids) {
    return store.expunge(mailbox, uids).invoke(change -> listener.changed(mailbox, change));
  }

  @Override
  public Uni<Changed> remove(MailboxKey mailbox, NumberSet uids) {
    return store.remove(mailbox, uids).invoke(change -> listener.changed(mailbox, change));
  }

  @Override
  public Uni<Optional<Changed>> update(MaildropLock lock, NumberSet uids) {
    return store
        .update(lock, uids)
        .invoke(done -> done.ifPresent(change -> listener.changed(lock.mailbox(), change)));
  }
}
