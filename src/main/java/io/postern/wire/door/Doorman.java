package io.postern.wire.door;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/**
 * Says who may come in, how many, and how fast they may go on. Asked on a connection's context, by
 * all of them; may answer on any. An answer is there within a second, and no call fails.
 */
public interface Doorman {
  /**
   * Who stands at the door.
   *
   * @param session the connection's name in logs
   * @param protocol {@code imap}, {@code pop3}, {@code lmtp}
   * @param address the client's, numeric; empty when there is none
   */
  record Visitor(String session, String protocol, String address) {}

  /** What is said to a connection. */
  enum Answer {
    /** Come in. */
    WELCOME,
    /** A limit is reached; later there may be room. */
    FULL,
    /** The limit of connections from one address is reached. */
    ADDRESS_FULL,
    /** Nobody comes in from there. */
    DENIED
  }

  /** Why a peer is turned away that came where load balancers are expected. */
  enum TurnedAway {
    /** It is none of those listed. */
    UNTRUSTED,
    /** It did not begin with a PROXY header. */
    MALFORMED,
    /** The header did not come in time. */
    LATE
  }

  /** Whether the peer is a load balancer that is believed who its clients are. */
  boolean believes(String peer);

  /** A peer was turned away before anything was said to it. */
  void turnedAway(String protocol, TurnedAway why);

  /** A connection stands, and is not greeted yet. */
  Uni<Answer> arrived(Visitor visitor);

  /** A command took so much work; how long the next one has to wait, zero for not at all. */
  Duration worked(Visitor visitor, Duration work);

  /** The connection ends. Called once for each that arrived, whatever it was told. */
  void left(Visitor visitor);

  /** Lets everybody in. */
  Doorman OPEN =
      new Doorman() {
        @Override
        public boolean believes(String peer) {
          return false;
        }

        @Override
        public void turnedAway(String protocol, TurnedAway why) {}

        @Override
        public Uni<Answer> arrived(Visitor visitor) {
          return Uni.createFrom().item(Answer.WELCOME);
        }

        @Override
        public Duration worked(Visitor visitor, Duration work) {
          return Duration.ZERO;
        }

        @Override
        public void left(Visitor visitor) {}
      };
}
