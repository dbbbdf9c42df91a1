package io.postern.cluster;

import io.postern.auth.Identity;
import io.postern.wire.door.Doorman.Visitor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;

/** The connections of this replica, and who of them is whose. Safe for all threads. */
final class Guests {
  /** A connection. */
  static final class Guest {
    private final Visitor visitor;
    private volatile Optional<Identity> identity = Optional.empty();

    /** What it holds a place of. */
    private final Set<String> places = new CopyOnWriteArraySet<>();

    private Guest(Visitor visitor) {
      this.visitor = visitor;
    }

    Visitor visitor() {
      return visitor;
    }

    /** Who logged in. */
    Optional<Identity> identity() {
      return identity;
    }

    Set<String> places() {
      return places;
    }

    private boolean isOf(String user) {
      return identity.filter(it -> it.name().equals(user) || it.user().equals(user)).isPresent();
    }
  }

  private final ConcurrentHashMap<String, Guest> all = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Set<Guest>> byUser = new ConcurrentHashMap<>();

  /** How many have not logged in: of each protocol, and of each with a network behind it. */
  private final ConcurrentHashMap<String, Integer> strangers = new ConcurrentHashMap<>();

  /** One more. */
  Guest add(Visitor visitor) {
    var guest = new Guest(visitor);
    all.put(visitor.session(), guest);
    count(visitor, 1);
    return guest;
  }

  /** How many of a protocol have not logged in. */
  int strangersOf(String protocol) {
    return strangers.getOrDefault(protocol, 0);
  }

  /** How many of them came from where this one does, by the same protocol. */
  int strangersFrom(Visitor visitor) {
    return strangers.getOrDefault(network(visitor), 0);
  }

  private void count(Visitor visitor, int more) {
    for (var what : List.of(visitor.protocol(), network(visitor))) {
      strangers.merge(what, more, (before, it) -> before + it == 0 ? null : before + it);
    }
  }

  private static String network(Visitor visitor) {
    var address = visitor.address();
    return visitor.protocol() + " " + (address.isEmpty() ? "" : Guard.network(address));
  }

  Optional<Guest> of(String session) {
    return Optional.ofNullable(all.get(session));
  }

  /** It is known who it is. */
  void identified(Guest guest, Identity identity) {
    if (guest.identity.isEmpty()) {
      count(guest.visitor, -1);
    } else {
      forget(guest);
    }
    guest.identity = Optional.of(identity);
    remember(identity.name(), guest);
    remember(identity.user(), guest);
    if (all.get(guest.visitor.session()) != guest) {
      // It went meanwhile.
      forget(guest);
    }
  }

  private void remember(String user, Guest guest) {
    byUser.compute(
        user,
        (_, guests) -> {
          var more = guests == null ? ConcurrentHashMap.<Guest>newKeySet() : guests;
          more.add(guest);
          return more;
        });
  }

  private void forget(Guest guest) {
    guest.identity.ifPresent(
        who -> {
          forget(who.name(), guest);
          forget(who.user(), guest);
        });
  }

  private void forget(String user, Guest guest) {
    byUser.computeIfPresent(
        user,
        (_, guests) -> {
          guests.remove(guest);
          return guests.isEmpty() ? null : guests;
        });
  }

  /** It is gone; what it was, once. */
  Optional<Guest> remove(String session) {
    var gone = Optional.ofNullable(all.remove(session));
    gone.ifPresent(
        guest -> {
          if (guest.identity.isEmpty()) {
            count(guest.visitor, -1);
          }
          forget(guest);
        });
    return gone;
  }

  /** Those in which the user logged in, and those in which the user's mailboxes are open. */
  List<Guest> ofUser(String user) {
    return List.copyOf(byUser.getOrDefault(user, Set.of())).stream()
        .filter(guest -> guest.isOf(user))
        .toList();
  }

  /** All names that sessions are open for. */
  List<String> users() {
    return List.copyOf(byUser.keySet());
  }
}
