package io.postern.site.move;

import io.postern.model.Home;
import io.postern.site.move.MoveMeter.Outcome;
import io.postern.site.move.MoveSteps.Step;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.move.Arrivals;
import io.postern.store.move.Arrivals.Arrival;
import io.postern.store.move.Arrivals.Begun;
import io.postern.store.move.MoveJobs.Job;
import io.postern.store.move.MoveJobs.Phase;
import io.postern.store.move.MoveJobs.Progress;
import io.postern.store.move.MoveRefused;
import io.postern.store.move.Ticket;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** One run of a move: from the step that its record names, until it ends or cannot go on. */
final class AccountMove {
  private static final Logger LOG = System.getLogger(AccountMove.class.getName());

  /** Changes are refused no longer than this before the move is put off; the rest takes 2 s. */
  static final Duration FREEZE = Duration.ofSeconds(8);

  /** A round that takes no longer is repeated while the account is frozen. */
  static final Duration SHORT_ROUND = Duration.ofSeconds(1);

  /** After so many rounds the next one is the last, however long they take. */
  static final int MOST_ROUNDS = 20;

  /** The delay before a move goes on that could not. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  /** The same while the account is frozen. */
  private static final Duration SHORT_PAUSE = Duration.ofSeconds(1);

  private static final Duration RECORDS = Duration.ofSeconds(1);

  /** Another run has begun: this one ends without a word. */
  private static final class Succeeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Succeeded() {
      super("another run of the move has begun", null, false, false);
    }
  }

  private final MoveSites sites;
  private final MoveSteps steps;
  private final MoveMeter meter;
  private final Job job;
  private final Ticket ticket;
  private final Arrivals there;
  private final AtomicReference<Progress> progress;
  private volatile long recorded = System.nanoTime();

  AccountMove(MoveSites sites, MoveSteps steps, MoveMeter meter, Job job) {
    this.sites = sites;
    this.steps = steps;
    this.meter = meter;
    this.job = job;
    this.ticket = job.ticket();
    this.there =
        sites
            .arrivals()
            .apply(job.destination())
            .orElseThrow(() -> new MoveRefused("no site " + job.destination() + " is configured"));
    this.progress = new AtomicReference<>(job.progress());
  }

  /** Runs it; never fails. */
  Uni<Void> run() {
    return phases()
        .onFailure(Succeeded.class)
        .recoverWithNull()
        .onFailure()
        .recoverWithUni(this::ended)
        .onFailure()
        .invoke(why -> LOG.log(Level.WARNING, "move {0}: {1}", ticket.move(), why))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> phases() {
    return switch (job.phase()) {
      case COPY, FREEZE -> copy();
      case SWITCH -> changeHome();
      case OPEN -> open();
      case KICK -> kick();
      case GRACE -> sites.departures().sweep(ticket.account()).chain(() -> recorded(Phase.DONE));
      case DONE, CANCELLED, FAILED -> Uni.createFrom().voidItem();
    };
  }

  private <T> Uni<T> step(Step step, Supplier<Uni<T>> work) {
    return steps.before(step).chain(() -> Uni.createFrom().deferred(work::get));
  }

  private Uni<Void> recorded(Phase phase) {
    recorded = System.nanoTime();
    return sites
        .jobs()
        .record(ticket, phase, progress.get())
        .invoke(AccountMove::requireLatest)
        .replaceWithVoid();
  }

  private static void requireLatest(boolean latest) {
    if (!latest) {
      throw new Succeeded();
    }
  }

  private Uni<Void> copy() {
    // A run before this one may have ended while the account was frozen.
    var thawed = job.phase() == Phase.FREEZE ? thaw() : Uni.createFrom().voidItem();
    return thawed.chain(
        () ->
            job.cancelled()
                ? abandon(Phase.CANCELLED, "cancelled by an administrator")
                : step(Step.BEGIN, this::begin)
                    .chain(
                        begun ->
                            begun == Begun.READY
                                ? step(Step.COPY, this::rounds).chain(this::frozen)
                                : release("an older copy is being removed", SHORT_PAUSE)));
  }

  private Uni<Void> thaw() {
    return sites
        .departures()
        .thaw(ticket)
        .invoke(AccountMove::requireLatest)
        .chain(() -> recorded(Phase.COPY));
  }

  private Uni<Begun> begin() {
    return Uni.combine()
        .all()
        .unis(sites.departures().store(), there.store())
        .asTuple()
        .chain(
            both ->
                sites
                    .departures()
                    .greatest(ticket.account(), both.getItem2().number())
                    .map(
                        greatest ->
                            new Arrival(
                                ticket, job.name(), both.getItem1(), job.epoch(), greatest)))
        .chain(there::begin);
  }

  private RowCopy rows() {
    return new RowCopy(sites.departures(), there, ticket, this::copied);
  }

  private Uni<Void> copied(int contents, long octets) {
    progress.updateAndGet(it -> it.plus(contents, octets));
    meter.copied(contents, octets);
    return System.nanoTime() - recorded < RECORDS.toNanos()
        ? Uni.createFrom().voidItem()
        : recorded(Phase.COPY);
  }

  /** Copies in rounds until one is short. */
  private Uni<Void> rounds() {
    long began = System.nanoTime();
    return rows()
        .differing()
        .invoke(() -> progress.updateAndGet(Progress::round))
        .chain(() -> recorded(Phase.COPY))
        .chain(
            () ->
                System.nanoTime() - began <= SHORT_ROUND.toNanos()
                        || progress.get().rounds() >= MOST_ROUNDS
                    ? Uni.createFrom().voidItem()
                    : rounds());
  }

  private Uni<Void> frozen() {
    return step(Step.RECORD_FREEZE, () -> recorded(Phase.FREEZE))
        .chain(
            () ->
                lastRound()
                    .ifNoItem()
                    .after(FREEZE)
                    .failWith(() -> later("the last round took longer than " + FREEZE)))
        .chain(() -> step(Step.RECORD_SWITCH, () -> recorded(Phase.SWITCH)))
        .chain(this::changeHome);
  }

  private Uni<Void> lastRound() {
    return step(Step.FREEZE, () -> sites.departures().freeze(ticket))
        .invoke(AccountMove::requireLatest)
        .chain(() -> step(Step.LAST_ROUND, () -> rows().differing()))
        .chain(() -> step(Step.OTHER_ROWS, () -> rows().others()))
        .chain(() -> step(Step.VERIFY, this::verify))
        .chain(() -> step(Step.COMPLETE, () -> there.complete(ticket)));
  }

  private static StoreException later(String why) {
    return new StoreException(new StoreFailure.Unavailable(why));
  }

  private Uni<Void> verify() {
    return Uni.combine()
        .all()
        .unis(sites.departures().digest(ticket.account()), there.digest(ticket))
        .asTuple()
        .invoke(both -> requireEqual(both.getItem1(), both.getItem2()))
        .replaceWithVoid();
  }

  private static void requireEqual(List<String> here, List<String> other) {
    if (!here.equals(other)) {
      int lines = Math.max(here.size(), other.size());
      int first =
          IntStream.range(0, lines)
              .filter(i -> !Objects.equals(line(here, i), line(other, i)))
              .findFirst()
              .orElse(0);
      throw later(
          "the copy differs: %s here, %s there".formatted(line(here, first), line(other, first)));
    }
  }

  private static String line(List<String> lines, int i) {
    return i < lines.size() ? lines.get(i) : "nothing";
  }

  private Uni<Void> changeHome() {
    var before = new Home(sites.site(), job.epoch());
    return step(Step.SWITCH, () -> sites.directory().move(job.name(), before, job.destination()))
        .chain(moved -> moved ? Uni.createFrom().item(true) : isHome())
        .chain(
            moved ->
                moved
                    ? step(Step.RECORD_OPEN, () -> recorded(Phase.OPEN)).chain(this::open)
                    : thaw()
                        .chain(() -> abandon(Phase.FAILED, "the directory names another home")));
  }

  /** Whether a run before this one has changed the home. */
  private Uni<Boolean> isHome() {
    var after = new Home(job.destination(), job.epoch() + 1);
    return sites
        .directory()
        .find(job.name())
        .map(entry -> entry.filter(it -> it.home().equals(after)).isPresent());
  }

  private Uni<Void> open() {
    return step(Step.OPEN, () -> there.open(ticket))
        .chain(() -> step(Step.LEAVE, () -> sites.departures().leave(ticket)))
        .invoke(AccountMove::requireLatest)
        .chain(() -> step(Step.RECORD_KICK, () -> recorded(Phase.KICK)))
        .chain(this::kick);
  }

  private Uni<Void> kick() {
    return step(
            Step.KICK,
            () -> {
              sites.endSessions().accept(job.name());
              return Uni.createFrom().voidItem();
            })
        .chain(() -> step(Step.KEEP, () -> sites.jobs().keep(ticket, sites.grace())))
        .chain(() -> sites.jobs().find(ticket.move()))
        .invoke(
            now -> {
              now.flatMap(Job::frozen).ifPresent(meter::frozen);
              meter.ended(Outcome.MOVED);
              LOG.log(
                  Level.INFO,
                  "account={0} has moved to site={1}: move={2} frozen={3}",
                  job.name(),
                  job.destination(),
                  ticket.move(),
                  now.flatMap(Job::frozen).map(Duration::toString).orElse("?"));
            })
        .replaceWithVoid();
  }

  private Uni<Void> ended(Throwable why) {
    return switch (why) {
      case MoveRefused refused -> abandon(Phase.FAILED, String.valueOf(refused.getMessage()));
      default -> postpone(why);
    };
  }

  /** Ends the move without success; possible until the home is changed. */
  private Uni<Void> abandon(Phase phase, String why) {
    meter.ended(phase == Phase.CANCELLED ? Outcome.CANCELLED : Outcome.FAILED);
    LOG.log(Level.WARNING, "move {0} of account={1} ends: {2}", ticket.move(), job.name(), why);
    return unfrozen()
        .chain(() -> there.discard(ticket).onFailure().recoverWithNull())
        .chain(() -> sites.jobs().fail(ticket, phase, why))
        .replaceWithVoid();
  }

  private Uni<Void> postpone(Throwable why) {
    meter.ended(Outcome.POSTPONED);
    LOG.log(
        Level.WARNING,
        "move {0} of account={1} is put off: {2}",
        ticket.move(),
        job.name(),
        why.getMessage());
    return unfrozen()
        .replaceWith(PAUSE)
        .onFailure(Switching.class)
        .recoverWithItem(SHORT_PAUSE)
        .chain(pause -> release(String.valueOf(why.getMessage()), pause));
  }

  /** The home may have been changed: the account stays frozen. */
  private static final class Switching extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Switching() {
      super("the home is being changed", null, false, false);
    }
  }

  /** Thaws the account, unless its home may have been changed: then it fails. */
  private Uni<Void> unfrozen() {
    return sites
        .jobs()
        .find(ticket.move())
        .chain(
            now ->
                switch (now.map(Job::phase).orElse(Phase.FAILED)) {
                  case FREEZE -> thaw();
                  case COPY, FAILED, CANCELLED, DONE -> Uni.createFrom().voidItem();
                  case SWITCH, OPEN, KICK, GRACE -> Uni.createFrom().failure(new Switching());
                });
  }

  private Uni<Void> release(String problem, Duration pause) {
    return sites.jobs().release(ticket, problem, pause);
  }
}
