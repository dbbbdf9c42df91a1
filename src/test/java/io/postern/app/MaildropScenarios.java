package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** The POP3 commands of the budget, on a maildrop that another replica fills. */
final class MaildropScenarios {
  static final String READER = "u7@example.test";

  private final Packaged here;
  private final TripScenarios.Step deliver;
  private final TripScenarios.Meter meter;

  /**
   * @param here the replica that is measured
   * @param deliver delivers two messages to the reader by another one
   */
  MaildropScenarios(Packaged here, TripScenarios.Step deliver, TripScenarios.Meter meter) {
    this.here = here;
    this.deliver = deliver;
    this.meter = meter;
  }

  /** Runs the scenario of a line once; fails for a line of another protocol. */
  DatabaseTrips run(TripBudget line) throws Exception {
    return switch (line) {
      case POP3_LOGIN -> openedWithNewMessages();
      case POP3_LOGIN_UNCHANGED -> openedAgain();
      case POP3_RETR -> retrieved(1);
      case POP3_RETR_NEXT -> retrieved(2);
      case POP3_QUIT_UNCHANGED -> closed();
      case POP3_QUIT -> updated();
      default -> throw new IllegalArgumentException("not of POP3: " + line);
    };
  }

  /** PASS, with messages that the replica has not seen. */
  private DatabaseTrips openedWithNewMessages() throws Exception {
    deliver.run();
    return opened();
  }

  /** PASS, with the messages that there were at the last login. */
  private DatabaseTrips openedAgain() throws Exception {
    try (var peer = filled()) {
      exchange(peer, "QUIT");
    }
    return opened();
  }

  private DatabaseTrips opened() throws Exception {
    try (var peer = named()) {
      var measured = meter.of(() -> exchange(peer, "PASS secret"));
      empty(peer);
      exchange(peer, "QUIT");
      return measured;
    }
  }

  /** RETR of a message, behind those of the messages before it. */
  private DatabaseTrips retrieved(int number) throws Exception {
    try (var peer = filled()) {
      for (int n = 1; n < number; n++) {
        retrieve(peer, n);
      }
      var measured = meter.of(() -> retrieve(peer, number));
      empty(peer);
      exchange(peer, "QUIT");
      return measured;
    }
  }

  /** QUIT without deletions. */
  private DatabaseTrips closed() throws Exception {
    DatabaseTrips measured;
    try (var peer = filled()) {
      measured = meter.of(() -> exchange(peer, "QUIT"));
    }
    try (var peer = loggedIn()) {
      empty(peer);
      exchange(peer, "QUIT");
    }
    return measured;
  }

  /** QUIT with deletions. */
  private DatabaseTrips updated() throws Exception {
    try (var peer = filled()) {
      empty(peer);
      return meter.of(() -> exchange(peer, "QUIT"));
    }
  }

  /** A session in a maildrop of two new messages. */
  private Peer filled() throws Exception {
    deliver.run();
    return loggedIn();
  }

  private Peer loggedIn() throws IOException {
    var peer = named();
    exchange(peer, "PASS secret");
    return peer;
  }

  /** A session that has named its user. */
  private Peer named() throws IOException {
    var peer = new Peer(here.pop3());
    done(peer.line());
    exchange(peer, "USER " + READER);
    return peer;
  }

  private static void exchange(Peer peer, String command) throws IOException {
    peer.send(command);
    done(peer.line());
  }

  private static void done(String status) {
    assertThat(status).startsWith("+OK");
  }

  private static void retrieve(Peer peer, int number) throws IOException {
    exchange(peer, "RETR " + number);
    peer.until(".");
  }

  private static void empty(Peer peer) throws IOException {
    exchange(peer, "DELE 1");
    exchange(peer, "DELE 2");
  }
}
