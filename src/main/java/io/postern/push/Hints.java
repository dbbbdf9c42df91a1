package io.postern.push;

import io.postern.model.Ids.AccountId;

/** Delivers hints to all watchers of an account, on this node and others. */
public interface Hints {
  /** Notifies all watchers of the mailbox's account; called after the commit, never awaited. */
  void publish(Hint hint);

  /**
   * Watches an account. The watcher is called on the Vert.x context it was registered on, or on the
   * publisher's thread when there was none; it must be quick. Of several hints about one mailbox
   * that arrive before its call, it gets the last.
   */
  Subscription watch(AccountId account, Watcher watcher);

  /**
   * Whether hints from other nodes may be missing for now: idling sessions then resync by
   * themselves from time to time.
   */
  default boolean degraded() {
    return false;
  }

  /** Receives the hints of an account. */
  @FunctionalInterface
  interface Watcher {
    /** A mailbox of the account changed. */
    void hinted(Hint hint);

    /** Hints may have been lost: any mailbox of the account may have changed. */
    default void resync() {}
  }

  /** A watch that can be closed; the second call does nothing. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
