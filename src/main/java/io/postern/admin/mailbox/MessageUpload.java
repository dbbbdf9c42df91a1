package io.postern.admin.mailbox;

import io.postern.admin.security.ProblemException;
import io.postern.store.Blobs;
import io.postern.store.Staged;
import io.postern.store.Staging;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/**
 * Streams the body of a request to the store. Holds one chunk of it; the next octets are asked for
 * when those before are stored.
 */
final class MessageUpload {
  /** How often it is checked whether the client is too slow. */
  private static final Duration CHECKED_EVERY = Duration.ofMillis(100);

  private final Vertx vertx;
  private final Staging staging;
  private final long most;
  private final UploadPace pace;
  private long octets;

  /**
   * @param most octets of the message
   * @param pace of a new body
   */
  MessageUpload(Vertx vertx, Blobs blobs, long most, UploadPace pace) {
    this.vertx = vertx;
    this.staging = new Staging(blobs);
    this.most = most;
    this.pace = pace;
  }

  /**
   * Completes with the message when all of it is stored. Fails with a problem if it is too large,
   * or comes too slowly; what was stored is discarded then, and also if the client goes away.
   */
  Uni<Staged> whole(Multi<Buffer> body) {
    var stored =
        body.onSubscription()
            .invoke(pace::await)
            .onItem()
            .transformToUniAndConcatenate(this::write)
            .onItem()
            .ignoreAsUni()
            .invoke(pace::ended)
            .chain(staging::finish)
            .onCancellation()
            .invoke(this::abandon);
    return Uni.join().first(stored, tooSlow()).toTerminate();
  }

  private Uni<Void> write(Buffer bytes) {
    pace.arrived(bytes.length());
    octets += bytes.length();
    return octets > most
        ? Uni.createFrom()
            .failure(ProblemException.tooLarge("A message may have " + most + " octets at most"))
        : staging.write(bytes).invoke(pace::await);
  }

  /**
   * Fails when the client is too slow, and never completes otherwise. Ends when it is cancelled.
   */
  private Uni<Staged> tooSlow() {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              long timer =
                  vertx.setPeriodic(
                      CHECKED_EVERY.toMillis(),
                      _ -> {
                        if (pace.isTooSlow()) {
                          emitter.fail(ProblemException.tooSlow("The message came too slowly"));
                        }
                      });
              emitter.onTermination(() -> vertx.cancelTimer(timer));
            });
  }

  /** Discards what was stored of a message that is not added after all. */
  void abandon() {
    staging.discard();
  }
}
