package io.postern.wire.input;

import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.Optional;

/** Something of the client's that the command which runs waits for; given once at most. */
public final class Awaited<T> {
  private Optional<UniEmitter<? super T>> emitter = Optional.empty();

  public void await(UniEmitter<? super T> waiting) {
    emitter = Optional.of(waiting);
  }

  public boolean isPresent() {
    return emitter.isPresent();
  }

  /** It is not given any more. */
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
