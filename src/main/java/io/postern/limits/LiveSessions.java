package io.postern.limits;

import io.postern.admission.AdmissionControl.Peer;
import io.postern.auth.Identity;
import io.postern.config.net.Networks;
import io.postern.model.MailProtocol;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;

/** The sessions of this replica and their users. Safe for all threads. */
final class LiveSessions {
  /** A connection, with its user after the login. */
  static final class LiveSession {
    private final Peer peer;
    private volatile Optional<Identity> identity = Optional.empty();

    /** Whether it is passed on to the site of its user, who is unknown here. */
    private volatile boolean passedOn;

    /** The names of the shared counters in which it is counted. */
    private final Set<String> counters = new CopyOnWriteArraySet<>();

    private LiveSession(Peer peer) {
      this.peer = peer;
    }

    Peer peer() {
      return peer;
    }

    /** The user who has logged in. */
    Optional<Identity> identity() {
      return identity;
    }

    Set<String> counters() {
      return counters;
    }

    private boolean isOf(String user) {
      return identity.filter(it -> it.name().equals(user) || it.user().equals(user)).isPresent();
    }
  }

  private final ConcurrentHashMap<String, LiveSession> all = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Set<LiveSession>> byUser = new ConcurrentHashMap<>();

  /** The unauthenticated connections: of each protocol, and of each protocol and network. */
  private final ConcurrentHashMap<String, Integer> unauthenticated = new ConcurrentHashMap<>();

  /** Adds a connection. */
  LiveSession add(Peer peer) {
    var liveSession = new LiveSession(peer);
    all.put(peer.session(), liveSession);
    count(peer, 1);
    return liveSession;
  }

  /** The number of unauthenticated connections of a protocol. */
  int unauthenticatedOf(MailProtocol protocol) {
    return unauthenticated.getOrDefault(protocol.label(), 0);
  }

  /** The number of those from the peer's network, by the same protocol. */
  int unauthenticatedFrom(Peer peer) {
    return unauthenticated.getOrDefault(network(peer), 0);
  }

  private void count(Peer peer, int more) {
    for (var what : List.of(peer.protocol().label(), network(peer))) {
      unauthenticated.merge(what, more, (before, it) -> before + it == 0 ? null : before + it);
    }
  }

  private static String network(Peer peer) {
    var address = peer.address();
    return peer.protocol() + " " + (address.isEmpty() ? "" : Networks.ofClient(address));
  }

  Optional<LiveSession> of(String session) {
    return Optional.ofNullable(all.get(session));
  }

  /** Records the user who has logged in. */
  void identified(LiveSession liveSession, Identity identity) {
    if (liveSession.identity.isEmpty()) {
      count(liveSession.peer, -1);
    } else {
      unindex(liveSession);
    }
    liveSession.identity = Optional.of(identity);
    index(identity.name(), liveSession);
    index(identity.user(), liveSession);
    if (all.get(liveSession.peer.session()) != liveSession) {
      // The session has ended meanwhile.
      unindex(liveSession);
    }
  }

  /** Records that a session is passed on to the site of its user. */
  void passedOn(LiveSession liveSession) {
    if (!liveSession.passedOn) {
      liveSession.passedOn = true;
      count(liveSession.peer, -1);
    }
  }

  /** Records that the user of a session has left; returns who it was. */
  Optional<Identity> unidentified(LiveSession liveSession) {
    var before = liveSession.identity;
    if (before.isPresent()) {
      unindex(liveSession);
      liveSession.identity = Optional.empty();
      count(liveSession.peer, 1);
    }
    return before;
  }

  private void index(String user, LiveSession liveSession) {
    byUser.compute(
        user,
        (_, sessions) -> {
          var more = sessions == null ? ConcurrentHashMap.<LiveSession>newKeySet() : sessions;
          more.add(liveSession);
          return more;
        });
  }

  private void unindex(LiveSession liveSession) {
    liveSession.identity.ifPresent(
        who -> {
          unindex(who.name(), liveSession);
          unindex(who.user(), liveSession);
        });
  }

  private void unindex(String user, LiveSession liveSession) {
    byUser.computeIfPresent(
        user,
        (_, sessions) -> {
          sessions.remove(liveSession);
          return sessions.isEmpty() ? null : sessions;
        });
  }

  /** Removes a session; returns it the first time. */
  Optional<LiveSession> remove(String session) {
    var gone = Optional.ofNullable(all.remove(session));
    gone.ifPresent(
        liveSession -> {
          if (liveSession.identity.isEmpty() && !liveSession.passedOn) {
            count(liveSession.peer, -1);
          }
          unindex(liveSession);
        });
    return gone;
  }

  /** Sessions in which the user logged in, and those in which the user's mailboxes are open. */
  List<LiveSession> ofUser(String user) {
    return List.copyOf(byUser.getOrDefault(user, Set.of())).stream()
        .filter(liveSession -> liveSession.isOf(user))
        .toList();
  }

  /** All names with open sessions. */
  List<String> users() {
    return List.copyOf(byUser.keySet());
  }
}
