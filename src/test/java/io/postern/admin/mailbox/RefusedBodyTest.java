package io.postern.admin.mailbox;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is read of a body that was refused. */
class RefusedBodyTest {
  private static final int SOON_MILLIS = 60_000;
  private static final String HEAD = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n";
  private static final String REFUSED = "HTTP/1.1 413 Request Entity Too Large";

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** A client of a server that refuses all bodies before it has read them. */
  private Socket connected(long most, Duration within) throws Exception {
    var server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  request.response().setStatusCode(413).end();
                  RefusedBody.discard(vertx, request, most, within);
                })
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    var socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    socket.setSoTimeout(SOON_MILLIS);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
  }

  /** The status line and the head of the answer, which has no body. */
  private static String answer(BufferedReader from) throws IOException {
    var status = String.valueOf(from.readLine());
    while (!String.valueOf(from.readLine()).isEmpty()) {
      // the next line of the head
    }
    return status;
  }

  @Test
  void theConnectionIsUsedAgainWhenTheRestHasCome() throws Exception {
    try (var socket = connected(1_000, Duration.ofHours(1))) {
      var from = reader(socket);
      send(socket, HEAD + "x");
      assertThat(answer(from)).isEqualTo(REFUSED);
      send(socket, "x".repeat(999));
      send(socket, HEAD);
      assertThat(answer(from)).isEqualTo(REFUSED);
    }
  }

  @Test
  void theConnectionIsClosedWhenTheRestDoesNotCome() throws Exception {
    try (var socket = connected(1_000, Duration.ofMillis(50))) {
      var from = reader(socket);
      send(socket, HEAD + "x");
      assertThat(answer(from)).isEqualTo(REFUSED);
      assertThat(from.readLine()).isNull();
    }
  }

  @Test
  void theConnectionIsClosedWhenTooMuchComes() throws Exception {
    try (var socket = connected(999, Duration.ofHours(1))) {
      var from = reader(socket);
      send(socket, HEAD + "x".repeat(1_000));
      assertThat(answer(from)).isEqualTo(REFUSED);
      assertThat(from.readLine()).isNull();
    }
  }
}
