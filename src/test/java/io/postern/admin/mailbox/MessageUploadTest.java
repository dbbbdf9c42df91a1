package io.postern.admin.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.admin.security.ProblemException;
import io.postern.store.memory.MemoryBlobs;
import io.postern.store.memory.MemoryStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.vertx.MultiHelper;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A body that a client sends slowly. */
class MessageUploadTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** A client of a server that takes messages. */
  private BodyClient connected(int portion, Duration within) throws Exception {
    return new BodyClient(vertx, request -> take(request, portion, within));
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

  @Test
  void isRefusedWhenItsNextPortionDoesNotComeInTime() throws Exception {
    try (var client = connected(100, Duration.ofMillis(200))) {
      client.send(BodyClient.HEAD + "x".repeat(150));
      assertThat(client.answer()).isEqualTo("HTTP/1.1 408 Request Timeout");
    }
  }

  @Test
  void isRefusedWhenNothingOfItComes() throws Exception {
    try (var client = connected(100, Duration.ofMillis(200))) {
      client.send(BodyClient.HEAD);
      assertThat(client.answer()).isEqualTo("HTTP/1.1 408 Request Timeout");
    }
  }

  @Test
  void isStoredWhenItComesInTime() throws Exception {
    try (var client = connected(100, Duration.ofHours(1))) {
      client.send(BodyClient.HEAD + "x".repeat(150));
      client.send("x".repeat(850));
      assertThat(client.answer()).isEqualTo("HTTP/1.1 201 Created");
    }
  }
}
