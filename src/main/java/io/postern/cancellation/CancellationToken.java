package io.postern.cancellation;

import io.smallrye.mutiny.Context;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Signals running work that its client has gone. It travels in the Mutiny {@link Context} of a
 * subscription, from the subscriber up to the calls of the database. Safe for all threads.
 */
public final class CancellationToken {
  /** A token that is never cancelled. */
  public static final CancellationToken NONE = new CancellationToken();

  private static final String KEY = CancellationToken.class.getName();

  /** A callback that runs at most once. */
  public final class Registration {
    private final Runnable callback;

    private Registration(Runnable callback) {
      this.callback = callback;
    }

    /** Removes the callback; without effect when it has run. */
    public void remove() {
      state.updateAndGet(it -> it.without(this));
    }
  }

  /**
   * @param pending the callbacks that have not run: a few at most. A concurrent set would be
   *     several times as large, and each idle session has tokens
   */
  private record State(boolean cancelled, List<Registration> pending) {
    private static final State NEW = new State(false, List.of());

    State with(Registration one) {
      if (cancelled) {
        return this;
      }
      // Most often it is the only one.
      return new State(
          false,
          pending.isEmpty()
              ? List.of(one)
              : Stream.concat(pending.stream(), Stream.of(one)).toList());
    }

    State without(Registration one) {
      if (!pending.contains(one)) {
        return this;
      }
      return pending.size() == 1 && !cancelled
          ? NEW
          : new State(cancelled, pending.stream().filter(it -> it != one).toList());
    }

    State next() {
      return new State(true, pending.stream().skip(1).toList());
    }
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

  /** Whether the work is cancelled. */
  public boolean cancelled() {
    return state.get().cancelled();
  }

  /**
   * Runs the callback when the token is cancelled, on the thread that cancels; at once when it is
   * cancelled already.
   */
  public Registration onCancel(Runnable callback) {
    var registration = new Registration(callback);
    if (this != NONE && state.updateAndGet(it -> it.with(registration)).cancelled()) {
      callback.run();
    }
    return registration;
  }

  /** Cancels the work; the second call does nothing. */
  public void cancel() {
    if (this == NONE) {
      throw new IllegalStateException("this token is never cancelled");
    }
    var before = state.getAndUpdate(State::next);
    if (!before.pending().isEmpty()) {
      try {
        before.pending().getFirst().callback.run();
      } finally {
        // One at a time: a callback may remove another, or fail.
        cancel();
      }
    }
  }

  /** A Mutiny context that passes the token to all that is subscribed with it. */
  public Context context() {
    return Context.of(KEY, this);
  }

  /** The token of a subscription; {@link #NONE} when it has none. */
  public static CancellationToken of(Context context) {
    return context.getOrElse(KEY, () -> NONE);
  }

  /** Creates the work with the token of the subscriber. */
  public static <T> Uni<T> with(Function<CancellationToken, Uni<T>> work) {
    return Uni.createFrom().context(context -> work.apply(of(context)));
  }

  /**
   * The same work without the token: once begun, it runs to its end even if the client has gone.
   * For work that must not be left half done.
   */
  public static <T> Uni<T> uncancelled(Uni<T> work) {
    return Uni.createFrom()
        .emitter(emitter -> work.subscribe().with(emitter::complete, emitter::fail));
  }
}
