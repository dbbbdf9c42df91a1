package io.postern.cluster;

import io.postern.auth.Attempt;
import io.postern.auth.Failure;
import io.postern.auth.Gate;
import io.postern.auth.Identity;
import io.postern.auth.Refusal;
import io.postern.cluster.Counts.Answer.Full;
import io.postern.cluster.CrowdMeter.Why;
import io.postern.cluster.Guests.Guest;
import io.postern.config.LimitSettings;
import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.postern.config.net.AccessRules;
import io.postern.config.net.Networks;
import io.postern.wire.Sessions;
import io.postern.wire.door.Doorman;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who may come in, by the settings of now: at the door by rules and limits of connections, at the
 * login by failures before and the number of the user's sessions, and between commands by the work
 * done for the user. Answers on the context it was asked on.
 */
public final class Gatekeeper implements Doorman, Gate {
  private final Live live;
  private final CrowdMeter meter;
  private final Counts counts;
  private final Guard guard;
  private final Attempts attempts;
  private final Budgets budgets;
  private final Guests guests = new Guests();
  private final Displacing displacing;

  public Gatekeeper(Live live, Link link, Sessions sessions, CrowdMeter meter) {
    this(live, link, sessions, meter, new Counts(link));
  }

  Gatekeeper(Live live, Link link, Sessions sessions, CrowdMeter meter, Counts counts) {
    this.live = live;
    this.meter = meter;
    this.counts = counts;
    this.guard = new Guard(link, () -> live.now().guard());
    this.attempts = new Attempts(link, guard, () -> live.now().guard());
    this.budgets = new Budgets(link, protocol -> limits(protocol).orElseThrow().throttle());
    this.displacing = new Displacing(link, sessions, guests);
  }

  /** The connections of this replica. */
  Guests guests() {
    return guests;
  }

  /** How many attempts to log in are under way, and for how many keys slots are held. */
  Uni<Integer> attemptsBusy() {
    return attempts.busy();
  }

  private Optional<LimitSettings> limits(String protocol) {
    LiveSettings now = live.now();
    return switch (protocol) {
      case "imap" -> Optional.of(now.imap());
      case "pop3" -> Optional.of(now.pop3());
      default -> Optional.empty();
    };
  }

  @Override
  public boolean believes(String peer) {
    var trusted = live.now().proxyProtocol().trustedNetworks().orElse(List.of());
    return !peer.isEmpty() && Networks.parse(trusted).contains(peer);
  }

  @Override
  public void turnedAway(String protocol, TurnedAway why) {
    meter.refused(protocol, Why.PROXY);
  }

  @Override
  public Uni<Doorman.Answer> arrived(Visitor visitor) {
    var guest = guests.add(visitor);
    var rules = live.now().accessRules().orElse(List.of());
    if (!visitor.address().isEmpty()
        && !AccessRules.parse(rules).allow(visitor.protocol(), visitor.address())) {
      meter.refused(visitor.protocol(), Why.RULE);
      return Uni.createFrom().item(Doorman.Answer.DENIED);
    }
    return limits(visitor.protocol())
        .map(limits -> arrived(guest, limits))
        .orElseGet(() -> Uni.createFrom().item(Doorman.Answer.WELCOME));
  }

  private Uni<Doorman.Answer> arrived(Guest guest, LimitSettings limits) {
    var protocol = guest.visitor().protocol();
    if (guests.strangersOf(protocol) > limits.maxPreAuthenticatedConnections()) {
      meter.refused(protocol, Why.PRE_AUTHENTICATED);
      return Uni.createFrom().item(Doorman.Answer.FULL);
    }
    if (guests.strangersFrom(guest.visitor())
        > limits.maxPreAuthenticatedConnectionsFromSingleIp()) {
      meter.refused(protocol, Why.PRE_AUTHENTICATED_ADDRESS);
      return Uni.createFrom().item(Doorman.Answer.ADDRESS_FULL);
    }
    var all = protocol + ":all";
    var address = protocol + ":address:" + guest.visitor().address();
    return back(
        place(guest, all, limits.maxConnections(), Why.CONNECTIONS)
            .chain(
                free ->
                    free
                        ? place(guest, address, limits.maxConnectionFromSingleIp(), Why.ADDRESS)
                            .map(it -> it ? Doorman.Answer.WELCOME : Doorman.Answer.ADDRESS_FULL)
                        : Uni.createFrom().item(Doorman.Answer.FULL)));
  }

  private Uni<Boolean> place(Guest guest, String what, int limit, Why why) {
    return counts
        .take(what, limit)
        .map(
            answer -> {
              boolean taken = answer instanceof Counts.Answer.Taken;
              if (taken) {
                hold(guest, what);
              } else {
                meter.refused(guest.visitor().protocol(), why);
              }
              return taken;
            });
  }

  /** What is taken for a guest who went meanwhile is given back at once. */
  private void hold(Guest guest, String what) {
    guest.places().add(what);
    if (guests.of(guest.visitor().session()).isEmpty() && guest.places().remove(what)) {
      counts.release(what);
    }
  }

  @Override
  public void left(Visitor visitor) {
    attempts.ended(visitor.session());
    guests
        .remove(visitor.session())
        .ifPresent(
            guest ->
                guest
                    .places()
                    .forEach(
                        what -> {
                          if (guest.places().remove(what)) {
                            counts.release(what);
                          }
                        }));
    displacing.left();
  }

  @Override
  public Duration worked(Visitor visitor, Duration work) {
    var user = guests.of(visitor.session()).flatMap(Guest::identity).map(Identity::user);
    if (user.isEmpty()) {
      return Duration.ZERO;
    }
    var wait = budgets.spend(visitor.protocol(), user.get(), work);
    if (wait.isPositive()) {
      meter.throttled(visitor.protocol(), wait);
    }
    return wait;
  }

  @Override
  public Uni<Optional<Refusal>> precheck(Attempt attempt) {
    return back(attempts.banned(attempt).map(banned -> answer(attempt, !banned)));
  }

  private Optional<Refusal> answer(Attempt attempt, boolean may) {
    if (!may) {
      meter.refused(protocol(attempt), Why.BANNED);
    }
    return may ? Optional.empty() : Optional.of(Refusal.UNAVAILABLE);
  }

  @Override
  public void ended(Attempt attempt) {
    attempts.ended(attempt.client().session());
  }

  @Override
  public Uni<Optional<Refusal>> admit(Attempt attempt) {
    return back(attempts.admit(attempt).map(may -> answer(attempt, may)));
  }

  @Override
  public void failed(Attempt attempt, Failure why) {
    // In this order: who waits for the slot is looked at with this failure counted.
    guard.failed(attempt);
    attempts.ended(attempt.client().session());
  }

  @Override
  public Uni<Optional<Refusal>> enter(Attempt attempt, Identity identity) {
    guard.cameIn(attempt);
    attempts.ended(attempt.client().session());
    var guest = guests.of(attempt.client().session());
    return guest.isEmpty()
        ? Uni.createFrom().item(Optional.empty())
        : back(enter(guest.get(), identity)).map(room -> entered(guest.get(), identity, room));
  }

  private Optional<Refusal> entered(Guest guest, Identity identity, boolean room) {
    if (room) {
      guests.identified(guest, identity);
      return Optional.empty();
    }
    meter.refused(guest.visitor().protocol(), Why.USER);
    return Optional.of(Refusal.TOO_MANY);
  }

  /** Whether there is room for one more session of the user. */
  private Uni<Boolean> enter(Guest guest, Identity identity) {
    var protocol = guest.visitor().protocol();
    var limits = limits(protocol);
    var what = protocol + ":user:" + Guard.digest(identity.user());
    if (limits.isEmpty() || guest.places().contains(what)) {
      return Uni.createFrom().item(true);
    }
    int limit = limits.get().maxConnectionsPerUser();
    return counts
        .take(what, limit)
        .chain(
            answer ->
                answer instanceof Full(var busiest)
                    ? displacing
                        .displace(
                            protocol, identity.user(), limits.get().displaceSilentAfter(), busiest)
                        .chain(gone -> gone ? counts.take(what, limit) : now(answer))
                    : now(answer))
        .map(
            answer -> {
              boolean taken = answer instanceof Counts.Answer.Taken;
              if (taken) {
                hold(guest, what);
              }
              return taken;
            });
  }

  private static Uni<Counts.Answer> now(Counts.Answer answer) {
    return Uni.createFrom().item(answer);
  }

  private static String protocol(Attempt attempt) {
    return attempt.client().service().name().toLowerCase(Locale.ROOT);
  }

  /** Gives the answer on the context of who asks. */
  private static <T> Uni<T> back(Uni<T> answer) {
    var asker = Vertx.currentContext();
    return asker == null
        ? answer
        : answer.emitOn(
            task -> {
              if (Vertx.currentContext() == asker) {
                task.run();
              } else {
                asker.runOnContext(_ -> task.run());
              }
            });
  }
}
