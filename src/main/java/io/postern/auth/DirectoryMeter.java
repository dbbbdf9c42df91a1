package io.postern.auth;

import java.time.Duration;

/** Counts calls of the directory. Called from any thread; must be quick. */
public interface DirectoryMeter {
  /** What the directory was asked. */
  enum Call {
    /** For the entry of a user. */
    SEARCH,
    /** Whether a password is right. */
    BIND
  }

  /**
   * A call ended.
   *
   * @param answered whether the directory answered, also by refusing a password
   * @param took with the wait for a connection
   */
  void called(Call call, boolean answered, Duration took);

  /** Counts nothing. */
  DirectoryMeter NONE = (_, _, _) -> {};
}
