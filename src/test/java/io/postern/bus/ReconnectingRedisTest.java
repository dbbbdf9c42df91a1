package io.postern.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A line to a Redis whose every word the test chooses. */
class ReconnectingRedisTest implements ReconnectingRedis.Listener {
  private static final long SOON = 20;
  private static final String MESSAGE = ">3\r\n+message\r\n+channel\r\n+payload\r\n";
  private static final String PONG = "+PONG\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  @Override
  public void up() {
    events.add("up");
  }

  @Override
  public void down(Throwable why) {
    events.add("down: " + why.getMessage());
  }

  @Override
  public void received(Response message) {
    if (message.type() == ResponseType.PUSH) {
      events.add("said " + message.get(0));
    }
  }

  @AfterEach
  void stop() {
    assertThat(vertx.close().toCompletionStage().toCompletableFuture())
        .succeedsWithin(Duration.ofSeconds(SOON));
  }

  private String next() throws InterruptedException {
    return Objects.requireNonNullElse(events.poll(SOON, TimeUnit.SECONDS), "nothing");
  }

  /** A line whose PINGs are answered so; it is up. */
  private ReconnectingRedis line(String answer) throws InterruptedException {
    var server = vertx.createNetServer().connectHandler(socket -> serve(socket, answer));
    var port =
        server
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .orTimeout(SOON, TimeUnit.SECONDS)
            .join()
            .actualPort();
    var redis = Redis.createClient(vertx, "redis://127.0.0.1:" + port);
    var line = new ReconnectingRedis(context, List.of(redis), this);
    context.runOnContext(_ -> line.open());
    assertThat(next()).isEqualTo("up");
    return line;
  }

  private static void serve(NetSocket socket, String answer) {
    socket.handler(
        asked -> {
          if (contains(asked, "HELLO")) {
            socket.write("%1\r\n+proto\r\n:3\r\n");
          } else if (contains(asked, "PING")) {
            socket.write(answer);
          }
        });
  }

  private static boolean contains(Buffer asked, String word) {
    return asked.toString().toUpperCase(Locale.ROOT).contains(word);
  }

  private void check(ReconnectingRedis line) {
    context.runOnContext(_ -> line.check());
  }

  @Test
  void aMessageBeforeThePongIsNoTimeout() throws Exception {
    var line = line(MESSAGE + PONG);
    for (int i = 0; i < 3; i++) {
      check(line);
      assertThat(next()).isEqualTo("said message");
    }
  }

  @Test
  void aSilentConnectionIsReplaced() throws Exception {
    var line = line("");
    check(line);
    check(line);
    assertThat(next()).isEqualTo("down: Redis does not answer");
    assertThat(next()).isEqualTo("up");
  }
}
