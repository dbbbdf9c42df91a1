package io.postern.wire.dial;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.Eventually;
import io.postern.wire.Certificates;
import io.postern.wire.OutputBudget;
import io.postern.wire.ServerStream;
import io.postern.wire.ServerStream.End;
import io.postern.wire.TrustsAll;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.TrustOptions;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection to another server, which a fake accepts here. */
class SocketStreamTest {
  private static final int OCTETS = 48 * 1024;

  private static final int BUDGET = 1024 * 1024;
  private static final Buffer PIECE = Buffer.buffer(new byte[16 * 1024]);

  /** A stream, and the context on which it is used. */
  private record Opened(ServerStream stream, Context context) {
    <T> T on(Function<ServerStream, T> step) throws Exception {
      var done = Promise.<T>promise();
      context.runOnContext(_ -> done.complete(step.apply(stream)));
      return of(done.future());
    }

    /** Writes more than the system takes for a server that does not read. */
    void fill() throws Exception {
      while (!on(ServerStream::full)) {
        on(
            it -> {
              it.write(PIECE);
              return it;
            });
      }
    }

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

  /** As those of many clients whose home has stopped. */
  @Test
  void whatTheOtherSideDoesNotTakeIsBoundedAndCounted() throws Exception {
    var vertx = Vertx.vertx();
    try {
      var accepted = new LinkedBlockingQueue<NetSocket>();
      var server = listening(vertx, socket -> accepted.add(socket.pause()));
      var budget = new OutputBudget(BUDGET);
      var slow = opened(vertx, server, budget);
      slow.fill();
      long held = budget.used();
      assertThat(held).isBetween((long) SocketStream.FULL, SocketStream.FULL + PIECE.length() - 1L);
      budget.add(BUDGET);
      var other = opened(vertx, server, budget);
      other.fill();
      assertThat(budget.used() - BUDGET - held).as("when it is spent").isEqualTo(PIECE.length());
      budget.add(-BUDGET);
      var room = Promise.<Void>promise();
      slow.on(
          it -> {
            it.onRoom(room::tryComplete);
            it.resume();
            return it;
          });
      accepted.take().resume();
      of(room.future());
      assertThat(slow.on(ServerStream::full)).isFalse();
      other.on(
          it -> {
            it.close();
            return it;
          });
      Eventually.holds("all is given back", () -> budget.used() == 0);
    } finally {
      of(vertx.close());
    }
  }

  /** A server that sends octets and closes the connection. */
  private static NetServer sending(Vertx vertx, Promise<Void> closed) throws Exception {
    return listening(
        vertx,
        socket -> {
          socket.closeHandler(closed::complete);
          var _ = socket.end(Buffer.buffer(new byte[OCTETS]));
        });
  }

  private static NetServer listening(Vertx vertx, Handler<NetSocket> accepted) throws Exception {
    var options =
        new NetServerOptions()
            .setSsl(true)
            .setKeyCertOptions(Certificates.of("localhost").getKeyCertOptions());
    return of(vertx.createNetServer(options).connectHandler(accepted).listen(0, "127.0.0.1"));
  }

  private static Opened opened(Vertx vertx, NetServer server) {
    return opened(vertx, server, OutputBudget.ofHeap());
  }

  private static Opened opened(Vertx vertx, NetServer server, OutputBudget budget) {
    var tls = new SSLOptions().setTrustOptions(TrustOptions.wrap(TrustsAll.managers()[0]));
    return new SocketDialer(vertx, () -> tls, JdkSSLEngineOptions::new, budget)
        .dial("127.0.0.1", server.actualPort())
        .map(stream -> new Opened(stream, vertx.getOrCreateContext()))
        .await()
        .atMost(Duration.ofSeconds(30));
  }

  private static <T> T of(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
