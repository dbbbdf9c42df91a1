package io.postern.wire.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.impl.NetSocketInternal;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A peer that closes is noticed although its octets are not read. */
class HangupProbeTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final HangupProbe probe = new HangupProbe(Duration.ofMillis(100));
  private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    await(Uni.createFrom().completionStage(() -> vertx.close().toCompletionStage()));
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(SOON);
  }

  private NetServer server(String host) {
    var server =
        vertx
            .createNetServer(new NetServerOptions().setHost(host))
            .connectHandler(
                socket -> {
                  var channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
                  socket.pause();
                  channel.config().setAutoRead(false);
                  probe.watch(vertx, channel);
                  accepted.add(channel);
                });
    return await(Uni.createFrom().completionStage(() -> server.listen(0).toCompletionStage()));
  }

  private static Socket client(NetServer server, InetAddress to) throws IOException {
    var client = new Socket(to, server.actualPort());
    client.getOutputStream().write("octets that are not read".getBytes(US_ASCII));
    return client;
  }

  private CompletableFuture<Void> end() throws InterruptedException {
    var ended = new CompletableFuture<Void>();
    accepted.poll(20, SECONDS).closeFuture().addListener(_ -> ended.complete(null));
    return ended;
  }

  @Test
  void aPeerThatClosesIsNoticedAndOneThatStaysIsNot() throws Exception {
    var server = server("127.0.0.1");
    var stays = client(server, InetAddress.getLoopbackAddress());
    var stayed = end();
    for (int i = 0; i < 3; i++) {
      client(server, InetAddress.getLoopbackAddress()).close();
      assertThat(end()).succeedsWithin(SOON);
    }
    assertThat(stayed).isNotDone();
    stays.close();
    assertThat(stayed).succeedsWithin(SOON);
  }

  @Test
  void aPeerThatResetsIsNoticed() throws Exception {
    var server = server("0.0.0.0");
    var stays = client(server, InetAddress.getLoopbackAddress());
    var stayed = end();
    var resets = client(server, InetAddress.getLoopbackAddress());
    var reset = end();
    resets.setSoLinger(true, 0);
    resets.close();
    assertThat(reset).succeedsWithin(SOON);
    assertThat(stayed).isNotDone();
    stays.close();
  }

  @Test
  void aPeerByIpv6IsNoticed() throws Exception {
    var loopback = InetAddress.ofLiteral("::1");
    Assumptions.assumeTrue(NetworkInterface.getByInetAddress(loopback) != null);
    assertThat(loopback).isInstanceOf(Inet6Address.class);
    var server = server("::");
    var stays = client(server, loopback);
    var stayed = end();
    client(server, loopback).close();
    assertThat(end()).succeedsWithin(SOON);
    assertThat(stayed).isNotDone();
    stays.close();
  }

  @Test
  void aSocketThatIsReadAgainIsLeftToItsReader() throws Exception {
    var server = server("127.0.0.1");
    var client = client(server, InetAddress.getLoopbackAddress());
    var read = accepted.take();
    probe.forget(read);
    client.close();
    client(server, InetAddress.getLoopbackAddress()).close();
    assertThat(end()).succeedsWithin(SOON);
    assertThat(read.isOpen()).isTrue();
  }
}
