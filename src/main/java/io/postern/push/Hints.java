package io.postern.push;

import io.postern.model.Ids.AccountId;
import java.util.function.Consumer;

/** Spreads hints to all who watch an account, on this node and others. */
public interface Hints {
  /** Tells all watchers of the mailbox's account; called after the commit, never awaited. */
  void publish(Hint hint);

  /**
   * Watches an account. The watcher is called on the Vert.x context it was registered on, or on the
   * publisher's thread when there was none; it must be quick.
   */
  Watch watch(AccountId account, Consumer<Hint> watcher);

  /** A watch that can be given up; twice is once. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
