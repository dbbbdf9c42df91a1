package io.postern.admission;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/**
 * Says who may come in, how many, and how fast they may go on. Asked on a connection's context, by
 * all of them; may answer on any. An answer is there within a second, and no call fails.
 */
public interface AdmissionControl {
  /**
   * Who stands at the door.
   *
   * @param session the connection's name in logs
   * @param protocol {@code imap}, {@code pop3}, {@code lmtp}
   * @param address the client's, numeric; empty when there is none
   */
  record Peer(String session, String protocol, String address) {}

  /** What is said to a connection. */
  enum Decision {
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
  enum Rejected {
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
  void turnedAway(String protocol, Rejected why);

  /** A connection stands, and is not greeted yet. */
  Uni<Decision> arrived(Peer peer);

  /** A command took so much work; how long the next one has to wait, zero for not at all. */
  Duration worked(Peer peer, Duration work);

  /** The connection ends. Called once for each that arrived, whatever it was told. */
  void left(Peer peer);

  /** Lets everybody in. */
  AdmissionControl OPEN =
      new AdmissionControl() {
        @Override
        public boolean believes(String peer) {
          return false;
        }

        @Override
        public void turnedAway(String protocol, Rejected why) {}

        @Override
        public Uni<Decision> arrived(Peer peer) {
          return Uni.createFrom().item(Decision.WELCOME);
        }

        @Override
        public Duration worked(Peer peer, Duration work) {
          return Duration.ZERO;
        }

        @Override
        public void left(Peer peer) {}
      };
}
