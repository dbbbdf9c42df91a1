package io.postern.app;

import io.postern.auth.SessionRevocation;
import io.postern.store.maintenance.UidValidities;
import io.postern.store.maintenance.UidValidities.Batch;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * Runs requested renewals of all UIDVALIDITYs, whichever replica received the request: renews and
 * commits a batch, then ends the sessions of its accounts on all replicas, then marks the batch as
 * done. If a replica ends in between, any other continues.
 */
@Singleton
class UidValidityRenewing {
  private static final Logger LOG = System.getLogger(UidValidityRenewing.class.getName());

  private final UidValidities validities;
  private final SessionRevocation revocation;

  UidValidityRenewing(UidValidities validities, SessionRevocation revocation) {
    this.validities = validities;
    this.revocation = revocation;
  }

  @Scheduled(
      every = "5s",
      delayed = "10s",
      concurrentExecution = ConcurrentExecution.SKIP,
      identity = "uid-validity-renewal")
  Uni<Void> run() {
    return Multi.createBy()
        .repeating()
        .uni(this::batch)
        .whilst(Optional::isPresent)
        .onItem()
        .ignoreAsUni()
        .onFailure()
        .invoke(
            why ->
                LOG.log(
                    Level.WARNING,
                    "The renewal of UIDVALIDITY failed and is continued later: " + why))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Optional<Batch>> batch() {
    return validities
        .next()
        .call(next -> next.map(batch -> end(batch)).orElseGet(() -> Uni.createFrom().voidItem()));
  }

  private Uni<Void> end(Batch batch) {
    batch.names().forEach(revocation::revoke);
    LOG.log(
        Level.INFO,
        "UIDVALIDITY renewed: renewal={0} accounts={1}",
        Long.toString(batch.renewal()),
        Integer.toString(batch.names().size()));
    return validities.complete(batch);
  }
}
