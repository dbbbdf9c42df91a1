package io.postern.cancellation;

import io.smallrye.mutiny.Context;
import io.smallrye.mutiny.Uni;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

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
      registrations.remove(this);
    }
  }

  private final Set<Registration> registrations = ConcurrentHashMap.newKeySet(1);
  private final AtomicBoolean cancelled = new AtomicBoolean();

  /** Whether the work is cancelled. */
  public boolean cancelled() {
    return cancelled.get();
  }

  /**
   * Runs the callback when the token is cancelled, on the thread that cancels; at once when it is
   * cancelled already.
   */
  public Registration onCancel(Runnable callback) {
    var registration = new Registration(callback);
    if (this != NONE) {
      registrations.add(registration);
      if (cancelled()) {
        run(registration);
      }
    }
    return registration;
  }

  /** Cancels the work; the second call does nothing. */
  public void cancel() {
    if (this == NONE) {
      throw new IllegalStateException("this token is never cancelled");
    }
    if (cancelled.compareAndSet(false, true)) {
      registrations.forEach(this::run);
    }
  }

  private void run(Registration registration) {
    if (registrations.remove(registration)) {
      registration.callback.run();
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
