package io.postern.app;

import io.postern.auth.SessionRevocation;
import io.postern.store.UidValidities;
import io.postern.store.UidValidities.Batch;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * Carries renewals of all UIDVALIDITYs on, whichever replica they were asked of: a batch is renewed
 * and committed, then the sessions of its accounts are ended on all replicas, then the batch is
 * marked as done. A replica that ends in between is followed by any other.
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
        .invoke(why -> LOG.log(Level.WARNING, "Renewal of UIDVALIDITY goes on later: " + why))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Optional<Batch>> batch() {
    return validities
        .next()
        .call(next -> next.map(batch -> end(batch)).orElseGet(() -> Uni.createFrom().voidItem()));
  }

  private Uni<Void> end(Batch batch) {
    batch.names().forEach(revocation::kick);
    LOG.log(
        Level.INFO,
        "UIDVALIDITY renewed: renewal={0} accounts={1}",
        Long.toString(batch.renewal()),
        batch.names().size());
    return validities.ended(batch);
  }
}
