package io.postern.limits;

import io.postern.auth.SessionRevocation;
import io.postern.limits.LiveSessions.LiveSession;
import io.postern.wire.CloseReason;
import io.postern.wire.transport.SessionRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends the sessions of users who may not go on, on all replicas. While these can't hear of each
 * other, and once when they can again, each looks by itself at the accounts of its sessions.
 */
public final class SharedSessionRevocation implements SessionRevocation {
  /** What the store says of an account now. */
  @FunctionalInterface
  public interface ActiveCheck {
    /**
     * Whether the account may have a session of the protocol. A failure says nothing about it.
     *
     * @param user the account's login name
     * @param protocol {@code imap} or {@code pop3}
     */
    Uni<Boolean> permits(String user, String protocol);
  }

  private static final Logger LOG = System.getLogger(SharedSessionRevocation.class.getName());
  private static final String KICK = "kick";
  private static final String CHANGED = "changed";

  /** Of the link's ticks one in so many looks, when there is need. */
  private static final int TICKS = 12;

  private static final int AT_ONCE = 4;

  /**
   * After so many ticks, over a minute, a user is looked at once more: a login that had read the
   * account before it was changed has come in by then, or never will.
   */
  private static final int SECOND_LOOK = 13;

  /** Of how many users a second look is kept; beyond, the oldest is left out. */
  private static final int MAX_SECOND_LOOKS = 10_000;

  private final ClusterBus bus;
  private final LiveSessions liveSessions;
  private final SessionRegistry sessions;
  private final ActiveCheck standing;
  private final AdmissionMeter meter;
  private final AtomicBoolean looking = new AtomicBoolean();

  // On the link's context only.
  private int ticks;

  /** Users and the ticks until their second look, the oldest first. */
  private final SequencedMap<String, Integer> secondLooks = new LinkedHashMap<>();

  public SharedSessionRevocation(
      ClusterBus bus,
      AdmissionService admissionService,
      SessionRegistry sessions,
      ActiveCheck standing,
      AdmissionMeter meter) {
    this.bus = bus;
    this.liveSessions = admissionService.guests();
    this.sessions = sessions;
    this.standing = standing;
    this.meter = meter;
    bus.hear(this::heard);
    bus.whenUp(this::lookAtAll);
    bus.eachTick(this::tick);
  }

  @Override
  public void changed(String user) {
    bus.say(CHANGED + " " + name(user));
  }

  @Override
  public void kick(String user) {
    bus.say(KICK + " " + name(user));
  }

  private static String name(String user) {
    return user.toLowerCase(Locale.ROOT);
  }

  private void heard(String message) {
    var words = message.split(" ", 2);
    if (words.length == 2 && (words[0].equals(KICK) || words[0].equals(CHANGED))) {
      lookLater(words[1]);
    }
    if (words.length == 2 && words[0].equals(KICK)) {
      liveSessions.ofUser(words[1]).forEach(this::end);
    } else if (words.length == 2 && words[0].equals(CHANGED)) {
      lookNow(words[1]);
    }
  }

  private void lookNow(String user) {
    look(user).subscribe().with(done -> {}, failure -> unsure(user, failure));
  }

  private void lookLater(String user) {
    secondLooks.putLast(user, SECOND_LOOK);
    if (secondLooks.size() > MAX_SECOND_LOOKS) {
      secondLooks.pollFirstEntry();
    }
  }

  private void tick() {
    secondLooks.replaceAll((_, left) -> left - 1);
    while (!secondLooks.isEmpty() && secondLooks.firstEntry().getValue() <= 0) {
      lookNow(secondLooks.pollFirstEntry().getKey());
    }
    ticks++;
    if (ticks >= TICKS) {
      ticks = 0;
      if (!bus.isUp()) {
        lookAtAll();
      }
    }
  }

  /** A few at a time, and one round at a time. */
  void lookAtAll() {
    if (looking.compareAndSet(false, true)) {
      Multi.createFrom()
          .iterable(liveSessions.users())
          .onItem()
          .transformToUni(this::lookOrLeave)
          .merge(AT_ONCE)
          .onTermination()
          .invoke(() -> looking.set(false))
          .subscribe()
          .with(done -> {});
    }
  }

  private Uni<Void> lookOrLeave(String user) {
    return look(user)
        .onFailure()
        .invoke(failure -> unsure(user, failure))
        .onFailure()
        .recoverWithNull();
  }

  private static void unsure(String user, Throwable failure) {
    LOG.log(Level.DEBUG, () -> "whether " + user + " may stay can't be found out: " + failure);
  }

  private Uni<Void> look(String user) {
    return Multi.createFrom()
        .iterable(
            liveSessions.ofUser(user).stream()
                .map(it -> it.visitor().protocol())
                .distinct()
                .toList())
        .onItem()
        .transformToUniAndConcatenate(
            protocol ->
                standing
                    .permits(user, protocol)
                    .invoke(
                        may ->
                            of(user, protocol).forEach(liveSession -> endUnless(may, liveSession))))
        .onItem()
        .ignoreAsUni();
  }

  private List<LiveSession> of(String user, String protocol) {
    return liveSessions.ofUser(user).stream()
        .filter(liveSession -> liveSession.visitor().protocol().equals(protocol))
        .toList();
  }

  private void endUnless(boolean may, LiveSession liveSession) {
    if (!may) {
      end(liveSession);
    }
  }

  private void end(LiveSession liveSession) {
    meter.ended(liveSession.visitor().protocol());
    sessions.close(liveSession.visitor().session(), CloseReason.KICKED);
  }
}
