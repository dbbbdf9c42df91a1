package io.postern.wire.input;

import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.Optional;

/** Input of the client that the running command waits for; delivered at most once. */
public final class Awaited<T> {
  private Optional<UniEmitter<? super T>> emitter = Optional.empty();

  public void await(UniEmitter<? super T> waiting) {
    emitter = Optional.of(waiting);
  }

  public boolean isPresent() {
    return emitter.isPresent();
  }

  /** Cancels the wait. */
  public void forget() {
    emitter = Optional.empty();
  }

  public void give(T what) {
    take().complete(what);
  }

  public void fail(Throwable why) {
    take().fail(why);
  }

  private UniEmitter<? super T> take() {
    var waiting = emitter.orElseThrow();
    emitter = Optional.empty();
    return waiting;
  }
}
