package io.postern.app;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What signals do: the first ends the process, its sessions being asked to leave; a second, of
 * somebody who will not wait for that, ends it at once.
 */
final class Signals {
  private static final Logger LOG = System.getLogger(Signals.class.getName());

  /** What a shell adds to a signal's number to make an exit code of it. */
  private static final int BY_SIGNAL = 128;

  private static final Map<String, Integer> NUMBERS = Map.of("INT", 2, "TERM", 15);

  private Signals() {}

  /**
   * Listens from now on. The platform's class for it cannot be named without a compiler's warning
   * that no source can silence; its names stand in one place, for the native image to find.
   */
  static void listen() {
    var count = new AtomicInteger();
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      var handle = signal.getMethod("handle", signal, handler);
      var made = signal.getConstructor(String.class);
      for (var name : NUMBERS.keySet()) {
        var listener =
            Proxy.newProxyInstance(
                handler.getClassLoader(),
                new Class<?>[] {handler},
                (proxy, method, arguments) -> called(name, method, count));
        handle.invoke(null, made.newInstance(name), listener);
      }
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      LOG.log(Level.WARNING, "A second signal will not hurry the end: signals cannot be heard", e);
    }
  }

  /** Called on a thread of its own each time. */
  private static Object called(String name, Method method, AtomicInteger count) {
    if (method.getName().equals("handle")) {
      int code = BY_SIGNAL + NUMBERS.getOrDefault(name, 0);
      if (count.incrementAndGet() == 1) {
        System.exit(code);
      } else {
        Runtime.getRuntime().halt(code);
      }
    }
    return method.getReturnType() == int.class ? name.hashCode() : name;
  }
}
