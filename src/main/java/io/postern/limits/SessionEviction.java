package io.postern.limits;

import io.postern.limits.LiveSessions.LiveSession;
import io.postern.model.MailProtocol;
import io.postern.wire.CloseReason;
import io.postern.wire.registry.SessionRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Makes room for a user's new session by evicting the one that was silent longest, here or on
 * another replica: a phone that lost its network leaves sessions behind that look alive.
 */
final class SessionEviction {
  /** The words of the messages between replicas; those of earlier versions know the same. */
  private static final String EVICT = "displace";

  private static final String EVICTED = "displaced";
  private static final Pattern MILLIS = Pattern.compile("[0-9]{1,15}");

  /** The longest wait for a session to end and for the other replicas to report it. */
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final ClusterBus bus;
  private final SessionRegistry sessions;
  private final LiveSessions liveSessions;

  // Confined to the bus's context.
  private final List<UniEmitter<? super Boolean>> waiting = new ArrayList<>();

  SessionEviction(ClusterBus bus, SessionRegistry sessions, LiveSessions liveSessions) {
    this.bus = bus;
    this.sessions = sessions;
    this.liveSessions = liveSessions;
    bus.subscribe(this::received);
  }

  /**
   * Evicts a session that was silent for so long; returns whether to count again.
   *
   * @param silence zero to evict none
   * @param busiest another replica that has sessions of the user; empty for none
   */
  Uni<Boolean> evict(MailProtocol protocol, String user, Duration silence, String busiest) {
    if (silence.isZero()) {
      return Uni.createFrom().item(false);
    }
    return Uni.createFrom()
        .<Boolean>emitter(
            emitter -> {
              waiting.add(emitter);
              if (!end(protocol, user, silence) && !busiest.isEmpty()) {
                bus.publish(
                    String.join(
                        " ",
                        EVICT,
                        busiest,
                        protocol.label(),
                        Long.toString(silence.toMillis()),
                        bus.node(),
                        user));
              }
              bus.vertx().setTimer(TIMEOUT.toMillis(), _ -> bus.run(() -> answer(emitter, false)));
            })
        .runSubscriptionOn(bus::run)
        .emitOn(bus::run);
  }

  private void answer(UniEmitter<? super Boolean> emitter, boolean gone) {
    if (waiting.remove(emitter)) {
      emitter.complete(gone);
    }
  }

  /** A session has ended: all waiting requests try again. */
  void sessionEnded() {
    bus.run(() -> List.copyOf(waiting).forEach(emitter -> answer(emitter, true)));
  }

  private void received(String message) {
    var words = message.split(" ", 6);
    if (words[0].equals(EVICT)
        && words.length == 6
        && words[1].equals(bus.node())
        && MILLIS.matcher(words[3]).matches()) {
      var silence = Duration.ofMillis(Long.parseLong(words[3]));
      MailProtocol.of(words[2]).ifPresent(protocol -> end(protocol, words[5], silence));
      // By then this replica has published its lower count, and the other replica tries again.
      bus.vertx().setTimer(300, _ -> bus.publish(EVICTED + " " + words[4]));
    }
    if (words[0].equals(EVICTED) && words.length > 1 && words[1].equals(bus.node())) {
      sessionEnded();
    }
  }

  private boolean end(MailProtocol protocol, String user, Duration silence) {
    Optional<LiveSession> oldest =
        liveSessions.ofUser(user).stream()
            .filter(liveSession -> liveSession.peer().protocol() == protocol)
            .filter(liveSession -> silence(liveSession).compareTo(silence) >= 0)
            .max(Comparator.comparing(this::silence));
    oldest.ifPresent(
        liveSession -> sessions.close(liveSession.peer().session(), CloseReason.EVICTED));
    return oldest.isPresent();
  }

  private Duration silence(LiveSession liveSession) {
    return sessions.silence(liveSession.peer().session()).orElse(Duration.ZERO);
  }
}
