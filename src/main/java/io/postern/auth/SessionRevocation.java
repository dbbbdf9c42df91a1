package io.postern.auth;

/**
 * Ends the sessions of users who may not go on, on every replica at once. Never awaited and never
 * fails; while the replicas cannot reach each other it holds for this one, and the others find a
 * changed account by looking, within minutes.
 */
public interface SessionRevocation {
  /**
   * The account was changed, or is gone: all replicas look at it again, and end those of its
   * sessions that it no longer permits.
   *
   * @param user the account's login name
   */
  void changed(String user);

  /**
   * All sessions of the account end, to be begun anew: its password was changed, or an
   * administrator says so.
   *
   * @param user the account's login name
   */
  void kick(String user);

  /** Nobody is kicked. */
  SessionRevocation NONE =
      new SessionRevocation() {
        @Override
        public void changed(String user) {}

        @Override
        public void kick(String user) {}
      };
}
