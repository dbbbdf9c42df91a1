package io.postern.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.Eventually;
import io.postern.embedded.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A front end whose other site has a valid certificate, and does not speak as it should. */
class HostileHomeTest {
  private static final String ALICE = "alice@example.test";
  private static final String SHORT = "mail.site.hand-over-timeout=PT3S";
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path scratch;

  private final Vertx vertx = Vertx.vertx();
  private final MemoryDirectory directory = new MemoryDirectory();
  private final List<Integer> homePorts = FreePorts.many(2);
  private SiteKeys issuer;
  private MemorySite west;

  @BeforeEach
  void start() throws Exception {
    issuer = new SiteKeys(scratch, "issuer");
    var keys = issuer.options("east", "east", DAY);
    try (var east =
        new MemorySite("east", keys, directory, homePorts, Map.of("west", FreePorts.many(2)))) {
      east.account(ALICE);
    }
    west =
        new MemorySite(
                "west",
                issuer.options("west", "west", DAY),
                directory,
                FreePorts.many(2),
                Map.of("east", homePorts),
                SHORT)
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    west.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** Serves as the back end of the east. */
  private void home(Consumer<NetSocket> behaviour) throws Exception {
    var keys = issuer.options("home", "east", DAY);
    vertx
        .createNetServer(
            new NetServerOptions()
                .setSsl(true)
                .setKeyCertOptions(keys.getKeyCertOptions())
                .setTrustOptions(keys.getTrustOptions())
                .setClientAuth(ClientAuth.REQUIRED))
        .connectHandler(behaviour::accept)
        .listen(homePorts.getFirst(), "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "\r\n",
        "\0\u00ff\u00fe\r\n",
        "L OKAY\r\nL BAD\r\n",
        "* OK ready\r\nI NO no\r\n",
        "* OK ready\r\nI OK\r\nL NO\r\n",
        "+ \r\n",
      })
  void garbageIsNoLoginAndNoWrongPassword(String garbage) throws Exception {
    home(socket -> socket.write(garbage));
    try (var peer = SiteClient.at(west.imap())) {
      assertThat(peer.login(ALICE)).startsWith("t NO [UNAVAILABLE]");
      assertThat(peer.say("NOOP")).startsWith("t OK");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "* OK x\r\n"})
  void answersWithoutEndAreBounded(String piece) throws Exception {
    var closed = new CountDownLatch(1);
    home(
        socket -> {
          socket.exceptionHandler(_ -> {});
          socket.closeHandler(_ -> closed.countDown());
          flood(socket, piece.repeat(4_096));
        });
    try (var peer = SiteClient.at(west.imap())) {
      assertThat(peer.login(ALICE)).startsWith("t NO [UNAVAILABLE]");
      assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static void flood(NetSocket socket, String text) {
    socket.write(text).onSuccess(_ -> flood(socket, text));
  }

  @Test
  void aClientThatLeavesDuringTheLoginClosesTheHop() throws Exception {
    var asked = new CountDownLatch(1);
    var closed = new CountDownLatch(1);
    home(
        socket -> {
          socket.handler(_ -> asked.countDown());
          socket.closeHandler(_ -> closed.countDown());
        });
    try (var peer = SiteClient.at(west.imap())) {
      peer.send("t LOGIN " + ALICE + " " + MemorySite.PASSWORD);
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    Eventually.holds("the session ends", () -> west.sessions.count() == 0);
    assertThat(west.events).doesNotContain("UNREACHABLE east");
  }
}
