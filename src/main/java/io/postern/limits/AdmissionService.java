package io.postern.limits;

import io.postern.admission.AdmissionControl;
import io.postern.auth.Failure;
import io.postern.auth.Identity;
import io.postern.auth.LoginAttempt;
import io.postern.auth.LoginPolicy;
import io.postern.auth.Refusal;
import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.postern.config.area.LimitSettings;
import io.postern.config.net.AccessRules;
import io.postern.config.net.Networks;
import io.postern.limits.AdmissionMeter.Why;
import io.postern.limits.LiveSessions.LiveSession;
import io.postern.limits.SharedCounters.Reservation.Full;
import io.postern.model.MailProtocol;
import io.postern.wire.registry.SessionRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Applies the current settings: access rules and connection limits when a peer connects, the login
 * guard and the user's session limit at login, and the command throttle between commands. Answers
 * on the context of the caller.
 */
public final class AdmissionService implements AdmissionControl, LoginPolicy {
  private final Live live;
  private final ClusterBus bus;
  private final AdmissionMeter meter;
  private final SharedCounters counters;
  private final LoginGuard loginGuard;
  private final Attempts attempts;
  private final CommandThrottle throttle;
  private final LiveSessions liveSessions = new LiveSessions();
  private final RecentRevocations revocations = new RecentRevocations();
  private final SessionEviction eviction;
  private final Supplier<Networks> loadBalancers;
  private final Supplier<AccessRules> accessRules;

  public AdmissionService(
      Live live, ClusterBus bus, SessionRegistry sessions, AdmissionMeter meter) {
    this(live, bus, sessions, meter, new SharedCounters(bus));
  }

  AdmissionService(
      Live live,
      ClusterBus bus,
      SessionRegistry sessions,
      AdmissionMeter meter,
      SharedCounters counters) {
    this.live = live;
    this.bus = bus;
    this.meter = meter;
    this.counters = counters;
    this.loginGuard = new LoginGuard(bus, live);
    this.attempts = new Attempts(bus, loginGuard, () -> live.now().guard(), Attempts.LONGEST);
    this.throttle = new CommandThrottle(bus, protocol -> limits(protocol).orElseThrow().throttle());
    this.loadBalancers =
        live.derived(
            now -> Networks.parse(now.proxyProtocol().trustedNetworks().orElse(List.of())));
    this.accessRules = live.derived(now -> AccessRules.parse(now.accessRules().orElse(List.of())));
    this.eviction = new SessionEviction(bus, sessions, liveSessions);
  }

  /** The live sessions of this replica. */
  LiveSessions liveSessions() {
    return liveSessions;
  }

  /** The recent revocations, which refuse logins that began before. */
  RecentRevocations revocations() {
    return revocations;
  }

  /** How many login attempts are running, plus the number of keys whose slots are held. */
  Uni<Integer> attemptsBusy() {
    return attempts.busy();
  }

  private Optional<LimitSettings> limits(MailProtocol protocol) {
    LiveSettings now = live.now();
    return switch (protocol) {
      case IMAP -> Optional.of(now.imap());
      case POP3 -> Optional.of(now.pop3());
      // A mail transfer agent has as many connections as it likes.
      case LMTP -> Optional.empty();
    };
  }

  @Override
  public boolean trustsProxy(String peer) {
    return !peer.isEmpty() && loadBalancers.get().contains(peer);
  }

  @Override
  public void proxyRejected(MailProtocol protocol, ProxyRejection why) {
    meter.refused(protocol, Why.PROXY);
  }

  @Override
  public Uni<AdmissionControl.Decision> admit(Peer peer) {
    var liveSession = liveSessions.add(peer);
    if (!peer.address().isEmpty() && !accessRules.get().allow(peer.protocol(), peer.address())) {
      meter.refused(peer.protocol(), Why.RULE);
      return Uni.createFrom().item(AdmissionControl.Decision.DENIED);
    }
    return limits(peer.protocol())
        // Its connection and its address are counted where it connected.
        .filter(_ -> !peer.passedOn())
        .map(limits -> admit(liveSession, limits))
        .orElseGet(() -> Uni.createFrom().item(AdmissionControl.Decision.ADMITTED));
  }

  private Uni<AdmissionControl.Decision> admit(LiveSession liveSession, LimitSettings limits) {
    var protocol = liveSession.peer().protocol();
    if (liveSessions.unauthenticatedOf(protocol) > limits.maxPreAuthenticatedConnections()) {
      meter.refused(protocol, Why.PRE_AUTHENTICATED);
      return Uni.createFrom().item(AdmissionControl.Decision.FULL);
    }
    if (liveSessions.unauthenticatedFrom(liveSession.peer())
        > limits.maxPreAuthenticatedConnectionsFromSingleIp()) {
      meter.refused(protocol, Why.PRE_AUTHENTICATED_ADDRESS);
      return Uni.createFrom().item(AdmissionControl.Decision.ADDRESS_FULL);
    }
    var all = protocol + ":all";
    var address = protocol + ":address:" + liveSession.peer().address();
    return onCallerContext(
        reserve(liveSession, all, limits.maxConnections(), Why.CONNECTIONS)
            .chain(
                free ->
                    free
                        ? reserve(
                                liveSession,
                                address,
                                limits.maxConnectionFromSingleIp(),
                                Why.ADDRESS)
                            .map(
                                it ->
                                    it
                                        ? AdmissionControl.Decision.ADMITTED
                                        : AdmissionControl.Decision.ADDRESS_FULL)
                        : Uni.createFrom().item(AdmissionControl.Decision.FULL)));
  }

  private Uni<Boolean> reserve(LiveSession liveSession, String what, int limit, Why why) {
    return counters
        .take(what, limit)
        .map(
            answer -> {
              boolean taken = answer instanceof SharedCounters.Reservation.Taken;
              if (taken) {
                hold(liveSession, what);
              } else {
                meter.refused(liveSession.peer().protocol(), why);
              }
              return taken;
            });
  }

  /** If the session has ended meanwhile, what it took is released at once. */
  private void hold(LiveSession liveSession, String what) {
    liveSession.counters().add(what);
    if (liveSessions.of(liveSession.peer().session()).isEmpty()) {
      release(liveSession, what);
    }
  }

  private void release(LiveSession liveSession, String what) {
    if (liveSession.counters().remove(what)) {
      counters.release(what);
    }
  }

  @Override
  public void userLeft(Peer peer) {
    liveSessions
        .of(peer.session())
        .ifPresent(
            liveSession ->
                liveSessions
                    .unidentified(liveSession)
                    .ifPresent(user -> release(liveSession, userCounter(liveSession, user))));
    eviction.sessionEnded();
  }

  @Override
  public void release(Peer peer) {
    attempts.ended(peer.session());
    liveSessions
        .remove(peer.session())
        .ifPresent(
            liveSession -> liveSession.counters().forEach(what -> release(liveSession, what)));
    eviction.sessionEnded();
  }

  @Override
  public Duration charge(Peer peer, Duration work) {
    var user = liveSessions.of(peer.session()).flatMap(LiveSession::identity).map(Identity::user);
    if (user.isEmpty()) {
      return Duration.ZERO;
    }
    var wait = throttle.spend(peer.protocol(), user.get(), work);
    if (wait.isPositive()) {
      meter.throttled(peer.protocol(), wait);
    }
    return wait;
  }

  @Override
  public Uni<Optional<Refusal>> precheck(LoginAttempt attempt) {
    return onCallerContext(attempts.banned(attempt).map(banned -> answer(attempt, !banned)));
  }

  private Optional<Refusal> answer(LoginAttempt attempt, boolean may) {
    if (!may) {
      meter.refused(attempt.client().protocol(), Why.BANNED);
    }
    return may ? Optional.empty() : Optional.of(Refusal.UNAVAILABLE);
  }

  @Override
  public void ended(LoginAttempt attempt) {
    attempts.ended(attempt.client().session());
  }

  @Override
  public Uni<Optional<Refusal>> admit(LoginAttempt attempt) {
    return onCallerContext(
        attempts
            .admit(attempt)
            .map(may -> answer(attempt, may))
            .onFailure(TimeoutException.class)
            .recoverWithItem(Optional.of(Refusal.UNAVAILABLE)));
  }

  @Override
  public void failed(LoginAttempt attempt, Failure why) {
    // In this order: an attempt that waits for the slot is checked with this failure counted.
    loginGuard.failed(attempt);
    attempts.ended(attempt.client().session());
  }

  @Override
  public Uni<Optional<Refusal>> accept(LoginAttempt attempt, Identity identity) {
    loginGuard.succeeded(attempt);
    attempts.ended(attempt.client().session());
    var session = liveSessions.of(attempt.client().session());
    return session.isEmpty()
        ? Uni.createFrom().item(Optional.empty())
        : onCallerContext(
            enter(session.get(), identity)
                .emitOn(bus::run)
                .map(room -> entered(attempt, session.get(), identity, room)));
  }

  @Override
  public void passOn(LoginAttempt attempt, Identity identity) {
    loginGuard.succeeded(attempt);
    attempts.ended(attempt.client().session());
  }

  /** The user's site counts it, and ends it when the user's access is revoked. */
  @Override
  public void passedOn(Peer peer) {
    liveSessions.of(peer.session()).ifPresent(liveSessions::passedOn);
  }

  /**
   * Runs on the bus's context, as the revocation of sessions does: a revocation either comes before
   * and is found here, or comes after and finds the session among those of its user.
   */
  private Optional<Refusal> entered(
      LoginAttempt attempt, LiveSession liveSession, Identity identity, boolean room) {
    if (!room) {
      meter.refused(liveSession.peer().protocol(), Why.USER);
      return Optional.of(Refusal.TOO_MANY);
    }
    if (revocations.concern(attempt, identity)) {
      release(liveSession, userCounter(liveSession, identity));
      return Optional.of(Refusal.UNAVAILABLE);
    }
    liveSessions.identified(liveSession, identity);
    return Optional.empty();
  }

  private static String userCounter(LiveSession liveSession, Identity identity) {
    return liveSession.peer().protocol() + ":user:" + LoginGuard.digest(identity.user());
  }

  /** Counts the session among the user's; returns whether the limit allows it. */
  private Uni<Boolean> enter(LiveSession liveSession, Identity identity) {
    var protocol = liveSession.peer().protocol();
    var limits = limits(protocol);
    var what = userCounter(liveSession, identity);
    if (limits.isEmpty() || liveSession.counters().contains(what)) {
      return Uni.createFrom().item(true);
    }
    int limit = limits.get().maxConnectionsPerUser();
    return counters
        .take(what, limit)
        .chain(
            answer ->
                answer instanceof Full(var busiest)
                    ? eviction
                        .evict(
                            protocol, identity.user(), limits.get().displaceSilentAfter(), busiest)
                        .chain(gone -> gone ? counters.take(what, limit) : now(answer))
                    : now(answer))
        .map(
            answer -> {
              boolean taken = answer instanceof SharedCounters.Reservation.Taken;
              if (taken) {
                hold(liveSession, what);
              }
              return taken;
            });
  }

  private static Uni<SharedCounters.Reservation> now(SharedCounters.Reservation answer) {
    return Uni.createFrom().item(answer);
  }

  /** Delivers the answer on the context of the caller. */
  private static <T> Uni<T> onCallerContext(Uni<T> answer) {
    var caller = Vertx.currentContext();
    return caller == null
        ? answer
        : answer.emitOn(
            task -> {
              if (Vertx.currentContext() == caller) {
                task.run();
              } else {
                caller.runOnContext(_ -> task.run());
              }
            });
  }
}
