package io.postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Awaits what has no event of its own. It looks at times: a loop without pauses would take the
 * processor from the server whose state it awaits.
 */
public final class Eventually {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration BETWEEN = Duration.ofMillis(5);

  private Eventually() {}

  /** What is awaited. */
  public interface Condition<E extends Exception> {
    boolean holds() throws E;
  }

  /** A value that is awaited. */
  public interface Search<T, E extends Exception> {
    Optional<T> find() throws E;
  }

  /** Returns when the condition holds; fails after two minutes. */
  public static <E extends Exception> void holds(String what, Condition<E> condition) throws E {
    holds(what, PATIENCE, condition);
  }

  /** Returns when the condition holds; fails after this time. */
  public static <E extends Exception> void holds(
      String what, Duration patience, Condition<E> condition) throws E {
    found(what, patience, () -> condition.holds() ? Optional.of(true) : Optional.empty());
  }

  /** Returns the value as soon as it is there; fails after two minutes. */
  public static <T, E extends Exception> T found(String what, Search<T, E> search) throws E {
    return found(what, PATIENCE, search);
  }

  private static <T, E extends Exception> T found(
      String what, Duration patience, Search<T, E> search) throws E {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      var found = search.find();
      if (found.isPresent()) {
        return found.get();
      }
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      LockSupport.parkNanos(BETWEEN.toNanos());
    }
  }
}
