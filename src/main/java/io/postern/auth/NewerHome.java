package io.postern.auth;

/** Is notified of the homes of accounts that other sites know. Called from any thread. */
@FunctionalInterface
public interface NewerHome {
  /**
   * Another site knows this epoch of an account's home: an older one that is kept in memory is read
   * again.
   *
   * @param account its login name, lower case
   */
  void atLeast(String account, long epoch);

  /** There is one site only. */
  NewerHome NONE = (_, _) -> {};
}
