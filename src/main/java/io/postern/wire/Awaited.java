package io.postern.wire;

import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.Optional;

/** Something of the client's that the command which runs waits for; given once at most. */
final class Awaited<T> {
  private Optional<UniEmitter<? super T>> emitter = Optional.empty();

  void by(UniEmitter<? super T> waiting) {
    emitter = Optional.of(waiting);
  }

  boolean isPresent() {
    return emitter.isPresent();
  }

  /** It is not given any more. */
  void forget() {
    emitter = Optional.empty();
  }

  void give(T what) {
    take().complete(what);
  }

  void fail(Throwable why) {
    take().fail(why);
  }

  private UniEmitter<? super T> take() {
    var waiting = emitter.orElseThrow();
    emitter = Optional.empty();
    return waiting;
  }
}
