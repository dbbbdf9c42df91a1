package io.postern.push;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.store.Messages.Changed;
import io.postern.store.Recoverable;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;

/** Recoverable messages that publish each restore to a mailbox after the commit. */
public final class PublishingRecoverable implements Recoverable {
  private final Recoverable store;
  private final Hints hints;

  public PublishingRecoverable(Recoverable store, Hints hints) {
    this.store = store;
    this.hints = hints;
  }

  @Override
  public Uni<List<Item>> list(AccountId account, long after, int limit) {
    return store.list(account, after, limit);
  }

  @Override
  public Uni<Changed> restore(Collection<Long> ids, MailboxKey to) {
    return store.restore(ids, to).invoke(change -> publish(to, change));
  }

  private void publish(MailboxKey mailbox, Changed change) {
    if (change.modSeq().isAfter(change.previous())) {
      hints.publish(Hint.now(mailbox, change.modSeq()));
    }
  }
}
