package io.postern.admin.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is read of a body that was refused. */
class RefusedBodyTest {
  private static final String REFUSED = "HTTP/1.1 413 Request Entity Too Large";

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** A client of a server that refuses all bodies before it has read them. */
  private BodyClient connected(long most, Duration within) throws Exception {
    return new BodyClient(
        vertx,
        request -> {
          request.response().setStatusCode(413).end();
          RefusedBody.discard(vertx, request, most, within);
        });
  }

  @Test
  void theConnectionIsUsedAgainWhenTheRestHasCome() throws Exception {
    try (var client = connected(1_000, Duration.ofHours(1))) {
      client.send(BodyClient.HEAD + "x");
      assertThat(client.answer()).isEqualTo(REFUSED);
      client.send("x".repeat(999));
      client.send(BodyClient.HEAD);
      assertThat(client.answer()).isEqualTo(REFUSED);
    }
  }

  @Test
  void theConnectionIsClosedWhenTheRestDoesNotCome() throws Exception {
    try (var client = connected(1_000, Duration.ofMillis(50))) {
      client.send(BodyClient.HEAD + "x");
      assertThat(client.answer()).isEqualTo(REFUSED);
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void theConnectionIsClosedWhenTooMuchComes() throws Exception {
    try (var client = connected(999, Duration.ofHours(1))) {
      client.send(BodyClient.HEAD + "x".repeat(1_000));
      assertThat(client.answer()).isEqualTo(REFUSED);
      assertThat(client.isClosed()).isTrue();
    }
  }
}
