package io.postern.auth;

import io.postern.model.Ids.AccountId;

/**
 * Revokes sessions of changed or deleted accounts on all replicas at once, and refuses logins that
 * are under way with {@link Refusal#UNAVAILABLE}. Never awaited and never fails; while the replicas
 * cannot reach each other it applies to this one, and the others notice a changed account by
 * polling, within minutes.
 */
public interface SessionRevocation {
  /**
   * The account was changed or deleted: all replicas read it again, and end those of its sessions
   * that it no longer permits.
   *
   * @param user the account's login name
   */
  void accountChanged(String user);

  /**
   * Ends all sessions of the account, which has to log in again: its password was changed, or an
   * administrator requested it.
   *
   * @param user the account's login name
   */
  void revoke(String user);

  /**
   * The account was deleted: its sessions end, and all replicas drop what they keep of it in
   * memory.
   *
   * @param user the account's login name
   */
  void accountDeleted(String user, AccountId account);

  /**
   * A mailbox plan permits less: all replicas read the accounts of their sessions again, once more
   * after a minute for logins that were under way, and end the sessions that are no longer
   * permitted.
   *
   * @param plan its name
   */
  void planChanged(String plan);

  /** Revokes nothing. */
  SessionRevocation NONE =
      new SessionRevocation() {
        @Override
        public void accountChanged(String user) {}

        @Override
        public void revoke(String user) {}

        @Override
        public void accountDeleted(String user, AccountId account) {}

        @Override
        public void planChanged(String plan) {}
      };
}
