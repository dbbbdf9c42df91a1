package io.postern.admin.mailbox;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.admin.security.ProblemException;
import io.postern.store.memory.MemoryBlobs;
import io.postern.store.memory.MemoryStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.vertx.MultiHelper;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A body that a client sends slowly. */
class MessageUploadTest {
  private static final int SOON_MILLIS = 60_000;
  private static final String HEAD = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n";

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** A client of a server that takes messages. */
  private Socket connected(int portion, Duration within) throws Exception {
    var server =
        vertx
            .createHttpServer()
            .requestHandler(request -> take(request, portion, within))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    var socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    socket.setSoTimeout(SOON_MILLIS);
    return socket;
  }

  private void take(HttpServerRequest request, int portion, Duration within) {
    var pace = new UploadPace(System::nanoTime, portion, within);
    Multi<Buffer> body = MultiHelper.toMulti(request);
    new MessageUpload(vertx, new MemoryBlobs(new MemoryStore()), 1_000_000, pace)
        .whole(body)
        .subscribe()
        .with(
            _ -> request.response().setStatusCode(201).end(),
            failure ->
                request
                    .response()
                    .setStatusCode(((ProblemException) failure).problem().status())
                    .end());
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String answer(Socket socket) throws IOException {
    var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    return String.valueOf(reader.readLine());
  }

  @Test
  void isRefusedWhenItsNextPortionDoesNotComeInTime() throws Exception {
    try (var socket = connected(100, Duration.ofMillis(200))) {
      send(socket, HEAD + "x".repeat(150));
      assertThat(answer(socket)).isEqualTo("HTTP/1.1 408 Request Timeout");
    }
  }

  @Test
  void isRefusedWhenNothingOfItComes() throws Exception {
    try (var socket = connected(100, Duration.ofMillis(200))) {
      send(socket, HEAD);
      assertThat(answer(socket)).isEqualTo("HTTP/1.1 408 Request Timeout");
    }
  }

  @Test
  void isStoredWhenItComesInTime() throws Exception {
    try (var socket = connected(100, Duration.ofHours(1))) {
      send(socket, HEAD + "x".repeat(150));
      send(socket, "x".repeat(850));
      assertThat(answer(socket)).isEqualTo("HTTP/1.1 201 Created");
    }
  }
}
