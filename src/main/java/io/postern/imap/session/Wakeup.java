package io.postern.imap.session;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.postern.push.Hint;
import java.util.Optional;

/**
 * The place where push enters a session: remembers that the selected mailbox changed, and wakes the
 * command that waits for it. All calls come on the connection's context.
 */
public final class Wakeup {
  private Optional<View> selected = Optional.empty();
  private Optional<Runnable> waiting = Optional.empty();

  /** The view from now on, if any. */
  void selected(Optional<View> view) {
    selected = view;
  }

  /** Somebody published a hint. */
  void hint(Hint hint) {
    if (selected.filter(view -> view.hinted(hint)).isPresent()) {
      waiting.ifPresent(Runnable::run);
    }
  }

  /** This session changed a mailbox: if it is the selected one, its turn ends with that told. */
  public void changed(MailboxKey mailbox, ModSeq modSeq) {
    selected.filter(view -> view.mailbox().equals(mailbox)).ifPresent(view -> view.expect(modSeq));
  }

  /** Calls the task at each change from now on, until {@link #stop}. */
  public void await(Runnable task) {
    waiting = Optional.of(task);
  }

  /** Nobody waits any more. */
  public void stop() {
    waiting = Optional.empty();
  }
}
