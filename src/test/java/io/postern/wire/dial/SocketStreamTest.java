package io.postern.wire.dial;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Certificates;
import io.postern.wire.ServerStream;
import io.postern.wire.ServerStream.End;
import io.postern.wire.TrustsAll;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.TrustOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection to another server, which a fake accepts here. */
class SocketStreamTest {
  private static final int OCTETS = 48 * 1024;

  /** A stream, and the context on which it is used. */
  private record Opened(ServerStream stream, Context context) {
    /** The octets that arrive before the end, and the end. */
    Future<Ended> ended() {
      var ended = Promise.<Ended>promise();
      var octets = new AtomicInteger();
      context.runOnContext(
          _ -> {
            stream.onOctets(bytes -> octets.addAndGet(bytes.length()));
            stream.onEnd(end -> ended.complete(new Ended(octets.get(), end)));
            stream.resume();
          });
      return ended.future();
    }
  }

  private record Ended(int octets, End end) {}

  /** Linux's epoll reports the end of a connection also while it is not read. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theEndIsReportedBehindTheOctetsThatCameBeforeIt(boolean epoll) throws Exception {
    var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(epoll));
    try {
      var closed = Promise.<Void>promise();
      var opened = opened(vertx, sending(vertx, closed));
      of(closed.future());
      // The event loop polls its sockets before it runs a timer.
      of(vertx.timer(1).compose(_ -> vertx.timer(1)));
      assertThat(of(opened.ended())).isEqualTo(new Ended(OCTETS, End.CLOSED));
    } finally {
      of(vertx.close());
    }
  }

  /** A server that sends octets and closes the connection. */
  private static NetServer sending(Vertx vertx, Promise<Void> closed) throws Exception {
    var options =
        new NetServerOptions()
            .setSsl(true)
            .setKeyCertOptions(Certificates.of("localhost").getKeyCertOptions());
    var server =
        vertx
            .createNetServer(options)
            .connectHandler(
                socket -> {
                  socket.closeHandler(closed::complete);
                  var _ = socket.end(Buffer.buffer(new byte[OCTETS]));
                });
    return of(server.listen(0, "127.0.0.1"));
  }

  private static Opened opened(Vertx vertx, NetServer server) {
    var tls = new SSLOptions().setTrustOptions(TrustOptions.wrap(TrustsAll.managers()[0]));
    return new SocketDialer(vertx, () -> tls, JdkSSLEngineOptions::new)
        .dial("127.0.0.1", server.actualPort())
        .map(stream -> new Opened(stream, vertx.getOrCreateContext()))
        .await()
        .atMost(Duration.ofSeconds(30));
  }

  private static <T> T of(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
