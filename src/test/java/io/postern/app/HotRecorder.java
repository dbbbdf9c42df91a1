package io.postern.app;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.Outbox;
import io.postern.wire.Protocol;
import io.postern.wire.Request;
import io.postern.wire.SiteLink;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Supplier;

/**
 * A session of the running server on a connection that only records its timeouts, for keys whose
 * effect would take ten minutes.
 */
final class HotRecorder {
  private static final SocketAddress HERE = SocketAddress.inetSocketAddress(1, "127.0.0.1");

  /** What the session allows its client to be silent, the latest last. */
  final BlockingDeque<Duration> silences = new LinkedBlockingDeque<>();

  /** Within what time the session wants a login, the latest last. */
  final BlockingDeque<Duration> logins = new LinkedBlockingDeque<>();

  /** The delays of its timers, the latest last. */
  final BlockingDeque<Duration> delays = new LinkedBlockingDeque<>();

  private final Context context;
  private final Protocol.Session session;

  HotRecorder(Vertx vertx, Protocol protocol) throws Exception {
    context = vertx.getOrCreateContext();
    session = on(() -> protocol.open(fake(Connection.class, this::called)));
    on(
        () -> {
          session.opened();
          return true;
        });
  }

  /** Gives a command, and returns when it has run. */
  void command(String line) throws Exception {
    begin(line).get(20, SECONDS);
  }

  /** Gives a command that need not end. */
  CompletableFuture<Void> begin(String line) throws Exception {
    var request = new Request(List.of(Buffer.buffer(line)), List.of());
    return on(() -> session.command(request).subscribeAsCompletionStage()).toCompletableFuture();
  }

  /** What the session would say to a client that was silent for too long. */
  String farewell() throws Exception {
    return on(() -> session.farewell(CloseReason.IDLE_TIMEOUT).toString());
  }

  /** As the register of sessions does when settings have changed. */
  void settingsChanged() throws Exception {
    on(
        () -> {
          session.settingsChanged();
          return true;
        });
  }

  private <T> T on(Supplier<T> step) throws Exception {
    var done = new CompletableFuture<T>();
    context.runOnContext(
        there -> {
          try {
            done.complete(step.get());
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    return done.get(20, SECONDS);
  }

  private Object called(Object self, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "context" -> context;
      case "out" -> fake(Outbox.class, HotRecorder::wrote);
      case "remote", "local" -> HERE;
      case "secure" -> true;
      case "sites" -> SiteLink.NONE;
      case "nextLine" -> Uni.createFrom().nothing();
      case "timeout" -> silences.add((Duration) arguments[0]);
      case "loginWithin" -> logins.add((Duration) arguments[0]);
      case "after" -> {
        delays.add((Duration) arguments[0]);
        yield (Connection.Cancellation) () -> {};
      }
      default -> nothing(method);
    };
  }

  private static Object wrote(Object self, Method method, Object[] arguments) {
    return method.getReturnType() == Outbox.class ? self : nothing(method);
  }

  private static Object nothing(Method method) {
    var type = method.getReturnType();
    if (type == boolean.class) {
      return false;
    }
    if (type == Uni.class) {
      return Uni.createFrom().voidItem();
    }
    return type == Optional.class ? Optional.empty() : "recorded";
  }

  private static <T> T fake(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
