package io.postern.limits;

import io.postern.auth.SessionRevocation;
import io.postern.limits.LiveSessions.LiveSession;
import io.postern.model.Ids.AccountId;
import io.postern.model.MailProtocol;
import io.postern.wire.CloseReason;
import io.postern.wire.registry.SessionRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Revokes the sessions of users whose access has ended, on all replicas, and refuses the logins
 * that began before. While Redis is away, and once when it is back, each replica checks the
 * accounts of its sessions by itself.
 */
public final class SharedSessionRevocation implements SessionRevocation {
  /** Reads from the store whether an account may still have sessions. */
  @FunctionalInterface
  public interface ActiveCheck {
    /**
     * Whether the account may have a session of the protocol. After a failure its sessions stay.
     *
     * @param user the account's login name
     */
    Uni<Boolean> permits(String user, MailProtocol protocol);
  }

  private static final Logger LOG = System.getLogger(SharedSessionRevocation.class.getName());

  /** The words of the messages between replicas; those of earlier versions know the same. */
  private static final String REVOKE = "kick";

  private static final String CHANGED = "changed";

  /** Followed by an account's id; earlier versions ignore it. */
  private static final String DELETED = "deleted";

  /** Followed by a plan's name; earlier versions ignore it. */
  private static final String PLAN = "plan";

  /** One in so many ticks of the bus checks all accounts, while Redis is away. */
  private static final int TICKS = 12;

  private static final int AT_ONCE = 4;

  /** After so many ticks, over a minute, an account that could not be read is read again. */
  private static final int RETRY = 13;

  /** The most users that wait to be read again; beyond, the oldest is left out. */
  private static final int MAX_RETRIES = 10_000;

  private final ClusterBus bus;
  private final LiveSessions liveSessions;
  private final RecentRevocations revocations;
  private final SessionRegistry sessions;
  private final ActiveCheck activeCheck;
  private final AdmissionMeter meter;
  private final AtomicBoolean checking = new AtomicBoolean();

  /** Whether all are to be checked once more when the check under way is done. */
  private final AtomicBoolean again = new AtomicBoolean();

  // Confined to the bus's context.
  private int ticks;

  /** After so many ticks all accounts are checked; 0 for never. */
  private int ticksToCheck;

  /** Users whose account could not be read, and the ticks until it is again, the oldest first. */
  private final SequencedMap<String, Integer> retries = new LinkedHashMap<>();

  public SharedSessionRevocation(
      ClusterBus bus,
      AdmissionService admissionService,
      SessionRegistry sessions,
      ActiveCheck activeCheck,
      AdmissionMeter meter) {
    this.bus = bus;
    this.liveSessions = admissionService.liveSessions();
    this.revocations = admissionService.revocations();
    this.sessions = sessions;
    this.activeCheck = activeCheck;
    this.meter = meter;
    bus.subscribe(this::received);
    bus.whenUp(this::checkAll);
    bus.eachTick(this::tick);
  }

  @Override
  public void accountChanged(String user) {
    bus.publish(CHANGED + " " + name(user));
  }

  @Override
  public void revoke(String user) {
    bus.publish(REVOKE + " " + name(user));
  }

  @Override
  public void accountDeleted(String user, AccountId account) {
    revoke(user);
    bus.publish(DELETED + " " + account.value());
  }

  @Override
  public void planChanged(String plan) {
    bus.publish(PLAN + " " + plan);
  }

  /** Is called with each account that some replica deletes from now on; must be quick. */
  public void onDeletion(Consumer<AccountId> listener) {
    bus.subscribe(message -> deleted(message).ifPresent(listener));
  }

  private static Optional<AccountId> deleted(String message) {
    var words = message.split(" ", 2);
    return words.length == 2 && words[0].equals(DELETED) && words[1].matches("[1-9]\\d{0,17}")
        ? Optional.of(new AccountId(Long.parseLong(words[1])))
        : Optional.empty();
  }

  private static String name(String user) {
    return user.toLowerCase(Locale.ROOT);
  }

  private void received(String message) {
    var words = message.split(" ", 2);
    if (words.length == 2 && (words[0].equals(REVOKE) || words[0].equals(CHANGED))) {
      // Before the sessions that are open are looked for: see AdmissionService.entered
      revocations.add(words[1]);
    }
    if (words.length == 2 && words[0].equals(REVOKE)) {
      liveSessions.ofUser(words[1]).forEach(this::end);
    } else if (words.length == 2 && words[0].equals(CHANGED)) {
      checkNow(words[1]);
    } else if (words.length == 2 && words[0].equals(PLAN)) {
      again.set(true);
      checkAll();
      bus.run(() -> ticksToCheck = RETRY);
    }
  }

  private void checkNow(String user) {
    check(user)
        .subscribe()
        .with(
            done -> {},
            failure -> {
              checkFailed(user, failure);
              bus.run(() -> checkLater(user));
            });
  }

  private void checkLater(String user) {
    retries.putLast(user, RETRY);
    if (retries.size() > MAX_RETRIES) {
      retries.pollFirstEntry();
    }
  }

  private void tick() {
    retries.replaceAll((_, left) -> left - 1);
    while (!retries.isEmpty() && retries.firstEntry().getValue() <= 0) {
      checkNow(retries.pollFirstEntry().getKey());
    }
    if (ticksToCheck > 0) {
      ticksToCheck--;
      if (ticksToCheck == 0) {
        checkAll();
      }
    }
    ticks++;
    if (ticks >= TICKS) {
      ticks = 0;
      if (!bus.isUp()) {
        checkAll();
      }
    }
  }

  /** Checks the users of all sessions, a few at a time; only one such check runs at a time. */
  void checkAll() {
    if (checking.compareAndSet(false, true)) {
      again.set(false);
      Multi.createFrom()
          .iterable(liveSessions.users())
          .onItem()
          .transformToUni(this::checkQuietly)
          .merge(AT_ONCE)
          .onTermination()
          .invoke(this::checked)
          .subscribe()
          .with(done -> {});
    }
  }

  private void checked() {
    checking.set(false);
    if (again.get()) {
      checkAll();
    }
  }

  private Uni<Void> checkQuietly(String user) {
    return check(user)
        .onFailure()
        .invoke(failure -> checkFailed(user, failure))
        .onFailure()
        .recoverWithNull();
  }

  private static void checkFailed(String user, Throwable failure) {
    LOG.log(Level.DEBUG, () -> "the access of " + user + " was not checked: " + failure);
  }

  private Uni<Void> check(String user) {
    return Multi.createFrom()
        .iterable(
            liveSessions.ofUser(user).stream().map(it -> it.peer().protocol()).distinct().toList())
        .onItem()
        .transformToUniAndConcatenate(
            protocol ->
                activeCheck
                    .permits(user, protocol)
                    .invoke(
                        permitted ->
                            of(user, protocol)
                                .forEach(liveSession -> endUnless(permitted, liveSession))))
        .onItem()
        .ignoreAsUni();
  }

  private List<LiveSession> of(String user, MailProtocol protocol) {
    return liveSessions.ofUser(user).stream()
        .filter(liveSession -> liveSession.peer().protocol() == protocol)
        .toList();
  }

  private void endUnless(boolean permitted, LiveSession liveSession) {
    if (!permitted) {
      end(liveSession);
    }
  }

  private void end(LiveSession liveSession) {
    meter.ended(liveSession.peer().protocol());
    sessions.close(liveSession.peer().session(), CloseReason.REVOKED);
  }
}
