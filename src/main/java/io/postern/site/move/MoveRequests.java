package io.postern.site.move;

import io.postern.site.HomeDirectory.Entry;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.move.Arrivals;
import io.postern.store.move.Arrivals.Store;
import io.postern.store.move.Departures.Departing;
import io.postern.store.move.MoveJobs.Job;
import io.postern.store.move.MoveRefused;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Moves that administrators ask for. */
public final class MoveRequests {
  private final Optional<MoveSites> configured;

  public MoveRequests(MoveSites sites) {
    this(Optional.of(sites));
  }

  /**
   * @param configured empty when there is one site only
   */
  public MoveRequests(Optional<MoveSites> configured) {
    this.configured = configured;
  }

  /**
   * Checks and records a move; it begins within seconds.
   *
   * @param name of the account
   * @param destination the name of the site that it is to move to
   * @return empty when there is no such account here; fails with {@link MoveRefused}
   */
  public Uni<Optional<Job>> request(String name, String destination) {
    if (configured.isEmpty()) {
      return refused("mail.site.name is not set: there is one site only");
    }
    var sites = configured.get();
    var login = name.toLowerCase(Locale.ROOT);
    if (destination.equals(sites.site())) {
      return refused("the account is at the site " + destination + " already");
    }
    var there = sites.arrivals().apply(destination);
    if (there.isEmpty()) {
      return refused("mail.site.transfer-back-ends names no site " + destination);
    }
    return sites
        .departures()
        .find(login)
        .chain(
            found ->
                found.isEmpty()
                    ? Uni.createFrom().item(Optional.empty())
                    : request(sites, found.get(), login, destination, there.get())
                        .map(Optional::of));
  }

  private static Uni<Job> request(
      MoveSites sites, Departing account, String name, String destination, Arrivals there) {
    if (account.obstacle().isPresent()) {
      return refused(account.obstacle().get());
    }
    return Uni.combine()
        .all()
        .unis(sites.departures().store(), reached(there, destination))
        .asTuple()
        .invoke(both -> requireSuitable(both.getItem1(), both.getItem2(), destination))
        .chain(() -> sites.directory().find(name))
        .chain(entry -> request(sites, account, name, destination, entry))
        .map(job -> job.orElseThrow(() -> new MoveRefused("the account is being moved already")));
  }

  private static Uni<Optional<Job>> request(
      MoveSites sites, Departing account, String name, String destination, Optional<Entry> entry) {
    return entry
        .map(Entry::home)
        .filter(home -> home.site().equals(sites.site()))
        .map(home -> sites.jobs().request(account, name, destination, home.epoch()))
        .orElseGet(() -> refused("the directory does not name " + sites.site() + " as the home"));
  }

  private static Uni<Store> reached(Arrivals there, String destination) {
    return there
        .store()
        .onFailure(
            why ->
                why instanceof StoreException e && e.failure() instanceof StoreFailure.Unavailable)
        .transform(
            why ->
                new MoveRefused(
                    "the site " + destination + " cannot be reached: " + why.getMessage()));
  }

  private static void requireSuitable(Store here, Store there, String destination) {
    if (!there.site().equals(destination)) {
      throw new MoveRefused("the site " + there.site() + " has answered for " + destination);
    }
    if (!here.schema().equals(there.schema())) {
      throw new MoveRefused(
          "the sites have different versions: the schema is %s here and %s at %s"
              .formatted(here.schema(), there.schema(), destination));
    }
    if (here.number() == 0 || there.number() == 0 || here.number() == there.number()) {
      throw new MoveRefused("mail.site.number must be set to different numbers at both sites");
    }
  }

  private static <T> Uni<T> refused(String why) {
    return Uni.createFrom().failure(new MoveRefused(why));
  }

  /** A move. */
  public Uni<Optional<Job>> find(UUID move) {
    return configured
        .map(it -> it.jobs().find(move))
        .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
  }

  /**
   * The newest moves.
   *
   * @param limit 1 to 1,000
   */
  public Uni<List<Job>> list(int limit) {
    return configured
        .map(it -> it.jobs().list(limit))
        .orElseGet(() -> Uni.createFrom().item(List.of()));
  }

  /** Asks a move to end; whether that is still possible. */
  public Uni<Boolean> cancel(UUID move) {
    return configured
        .map(it -> it.jobs().cancel(move))
        .orElseGet(() -> Uni.createFrom().item(false));
  }
}
