package io.postern.store;

import io.postern.model.Ids.MailboxKey;
import io.postern.store.Messages.Changed;
import java.util.List;

/** Is notified of each change that this node makes to the messages of a mailbox. */
@FunctionalInterface
public interface ChangeListener {
  /**
   * A change was committed. Called once for each mailbox that a call changed, before the call
   * completes and on the same thread; must return quickly.
   */
  void changed(MailboxKey mailbox, Changed change);

  /**
   * Notifies several listeners in this order. An exception of one is logged and affects neither the
   * others nor the call: its change is committed.
   */
  static ChangeListener inOrder(List<ChangeListener> listeners) {
    var log = System.getLogger(ChangeListener.class.getName());
    return (mailbox, change) -> {
      for (var listener : listeners) {
        try {
          listener.changed(mailbox, change);
        } catch (RuntimeException fault) {
          log.log(System.Logger.Level.ERROR, "a listener failed at a change of " + mailbox, fault);
        }
      }
    };
  }
}
