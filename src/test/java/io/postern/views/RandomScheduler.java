package io.postern.views;

import io.smallrye.mutiny.Uni;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Runs asynchronous operations in a random order that depends on a seed. */
final class RandomScheduler {
  private final SplittableRandom random;
  private final List<Runnable> pending = new ArrayList<>();

  RandomScheduler(long seed) {
    random = new SplittableRandom(seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  void later(Runnable task) {
    pending.add(task);
  }

  /** Lets one thing happen that is pending; false when nothing is. */
  boolean happen() {
    if (pending.isEmpty()) {
      return false;
    }
    pending.remove(random.nextInt(pending.size())).run();
    return true;
  }

  /** Lets all happen. */
  void settle() {
    while (happen()) {
      // Some of it makes more happen.
    }
  }

  /** A port whose calls take time before they reach it, and their answers on the way back. */
  <T> T slow(Class<T> port, T behind) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> {
              try {
                return delayed((Uni<?>) method.invoke(behind, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private Uni<Object> delayed(Uni<?> call) {
    return Uni.createFrom()
        .emitter(
            caller ->
                later(
                    () ->
                        call.subscribe()
                            .with(
                                answer -> later(() -> caller.complete(answer)),
                                failure -> later(() -> caller.fail(failure)))));
  }
}
