package io.postern.app;

import io.postern.admin.cli.PosternCommandLine;
import io.postern.admin.security.PrebuiltOpenApi;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.PrintWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The entry point: prepares the process before the platform starts, and handles signals. The first
 * signal ends the process gracefully, asking its sessions to leave; a second one ends it at once.
 */
@QuarkusMain
public final class Main {
  private static final Logger LOG = System.getLogger(Main.class.getName());

  /** How often the JDK hashes the password of a key that it puts into a key store. */
  private static final String KEY_STORE_ROUNDS = "keystore.pkcs12.keyPbeIterationCount";

  /** Octets of the buffer that OpenSSL's engine keeps for what it sends unasked. */
  private static final String TLS_BUFFER =
      "io.netty.handler.ssl.openssl.bioNonApplicationBufferSize";

  /** Added to a signal's number for the exit code, as shells do. */
  private static final int BY_SIGNAL = 128;

  private static final Map<String, Integer> NUMBERS = Map.of("INT", 2, "TERM", 15);

  private Main() {}

  /**
   * Starts the server, and returns when it has ended. With arguments: carries out that command of
   * the command line instead, without the platform.
   */
  public static void main(String... arguments) {
    if (arguments.length > 0) {
      System.exit(
          PosternCommandLine.run(
              System.getenv(),
              new PrintWriter(System.out, true, StandardCharsets.UTF_8),
              new PrintWriter(System.err, true, StandardCharsets.UTF_8),
              arguments));
    }
    Placeholders.refuse(System.getenv(), System.getProperties());
    // The platform makes a key store of each PEM file for each listener and event loop, under a
    // publicly known password, and keeps it in memory: ten thousand rounds each time, two thirds of
    // a native executable's computation at start, would protect nothing.
    unlessSet(KEY_STORE_ROUNDS, "1");
    // Each connection with TLS has one, of 2,048 octets otherwise. Alerts, tickets and a resumed
    // handshake fit; what does not is sent in several steps.
    unlessSet(TLS_BUFFER, "512");
    PrebuiltOpenApi.hide();
    Quarkus.run(arguments);
  }

  private static void unlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * Handles signals from now on. The platform's class for it cannot be named without a compiler's
   * warning that no source can silence; its names stand in one place, for the native image to find.
   */
  static void handleSignals() {
    var count = new AtomicInteger();
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      var handle = signal.getMethod("handle", signal, handler);
      var constructor = signal.getConstructor(String.class);
      for (var name : NUMBERS.keySet()) {
        var listener =
            Proxy.newProxyInstance(
                handler.getClassLoader(),
                new Class<?>[] {handler},
                (proxy, method, arguments) -> handle(name, method, count));
        handle.invoke(null, constructor.newInstance(name), listener);
      }
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      LOG.log(
          Level.WARNING,
          "Signals cannot be handled: a second one will not end the process at once",
          e);
    }
  }

  /** Called on a thread of its own each time. */
  private static Object handle(String name, Method method, AtomicInteger count) {
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
