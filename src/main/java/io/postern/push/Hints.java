package io.postern.push;

import io.postern.model.Ids.AccountId;

/** Spreads hints to all who watch an account, on this node and others. */
public interface Hints {
  /** Tells all watchers of the mailbox's account; called after the commit, never awaited. */
  void publish(Hint hint);

  /**
   * Watches an account. The watcher is called on the Vert.x context it was registered on, or on the
   * publisher's thread when there was none; it must be quick. Of several hints about one mailbox
   * that come while it is on its way, it is given the last.
   */
  Subscription watch(AccountId account, Watcher watcher);

  /**
   * Whether changes on other nodes may go untold for now: who idles looks by itself from time to
   * time.
   */
  default boolean degraded() {
    return false;
  }

  /** Is told of changes. */
  @FunctionalInterface
  interface Watcher {
    /** A mailbox of the account changed. */
    void hinted(Hint hint);

    /** Hints may have been lost: any mailbox of the account may have changed. */
    default void resync() {}
  }

  /** A watch that can be given up; twice is once. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
