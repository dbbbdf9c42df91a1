package io.postern.admin.mailbox;

import io.postern.admin.security.ProblemException;
import io.postern.store.Blobs;
import io.postern.store.Staged;
import io.postern.store.Staging;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Streams the body of a request to the store. Holds one chunk of it; the next octets are asked for
 * when those before are stored.
 */
final class MessageUpload {
  private static final Logger LOG = System.getLogger(MessageUpload.class.getName());

  private final Staging staging;
  private final long most;
  private long octets;

  /**
   * @param most octets of the message
   */
  MessageUpload(Blobs blobs, long most) {
    this.staging = new Staging(blobs);
    this.most = most;
  }

  /**
   * Completes with the message when all of it is stored. Fails with a problem if it is too large;
   * what was stored is discarded then, and also if the client goes away.
   */
  Uni<Staged> whole(Multi<Buffer> body) {
    return body.onItem()
        .transformToUniAndConcatenate(this::write)
        .onItem()
        .ignoreAsUni()
        .chain(staging::finish)
        .onCancellation()
        .invoke(this::abandon);
  }

  private Uni<Void> write(Buffer bytes) {
    octets += bytes.length();
    return octets > most
        ? Uni.createFrom()
            .failure(ProblemException.tooLarge("A message may have " + most + " octets at most"))
        : staging.write(bytes);
  }

  /** Discards what was stored of a message that is not added after all. */
  void abandon() {
    staging
        .abandon()
        .subscribe()
        .with(
            _ -> {},
            // No message refers to the chunks: they are swept later.
            failure ->
                LOG.log(Level.DEBUG, "the octets of a refused message were not deleted", failure));
  }
}
