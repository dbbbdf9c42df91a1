package io.postern.store.index;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Wraps a port, records its calls, and delays their results while closed. */
final class CallLatch {
  private record Waiting(Uni<?> result, UniEmitter<? super Object> caller) {}

  /** The names of the methods called. */
  final List<String> calls = new ArrayList<>();

  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private boolean closed;

  <T> T before(Class<T> port, T behind) {
    var proxy =
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> {
              try {
                calls.add(method.getName());
                return pass((Uni<?>) method.invoke(behind, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return port.cast(proxy);
  }

  /** The call is made at once; only what it came to is held. */
  private Uni<?> pass(Uni<?> result) {
    if (!closed) {
      return result;
    }
    var known = result.memoize().indefinitely();
    known.subscribe().with(x -> {}, x -> {});
    return Uni.createFrom().emitter(caller -> waiting.add(new Waiting(known, caller)));
  }

  void close() {
    closed = true;
  }

  /** Lets the result through that waits longest. */
  void letOneThrough() {
    var first = waiting.remove();
    first.result.subscribe().with(first.caller::complete, first.caller::fail);
  }

  /** Holds nothing back any more. */
  void open() {
    closed = false;
    while (!waiting.isEmpty()) {
      letOneThrough();
    }
  }
}
