package io.postern.push;

import io.postern.model.Ids.MailboxKey;
import io.postern.store.ChangeListener;
import io.postern.store.Messages.Changed;

/** Publishes a hint for each change of a mailbox's messages. */
public record HintPublisher(Hints hints) implements ChangeListener {
  @Override
  public void changed(MailboxKey mailbox, Changed change) {
    if (change.modSeq().isAfter(change.previous())) {
      hints.publish(Hint.now(mailbox, change.modSeq()));
    }
  }
}
