package io.postern.admission;

import io.postern.model.MailProtocol;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/**
 * Decides which peers may connect, how many, and how fast their commands run. Called by all
 * connections, each on its own context; may answer on any. Answers within a second; no call fails.
 */
public interface AdmissionControl {
  /**
   * The client of a connection.
   *
   * @param session the connection's identifier in logs
   * @param address the client's numeric address; empty when there is none
   * @param passedOn whether another site has admitted the client, and passes its connection on
   */
  record Peer(String session, MailProtocol protocol, String address, boolean passedOn) {
    /** A client that connects here. */
    public Peer(String session, MailProtocol protocol, String address) {
      this(session, protocol, address, false);
    }
  }

  /** The answer to a connection. */
  enum Decision {
    /** The peer is admitted. */
    ADMITTED,
    /** A limit is reached; there may be room later. */
    FULL,
    /** The limit of connections from one address is reached. */
    ADDRESS_FULL,
    /** The access rules deny the address. */
    DENIED
  }

  /** Why a peer is refused on a port where load balancers are expected. */
  enum ProxyRejection {
    /** It is not a listed load balancer. */
    UNTRUSTED,
    /** It did not begin with a PROXY header. */
    MALFORMED,
    /** The header did not arrive in time. */
    LATE
  }

  /** Whether the address is a load balancer's whose PROXY header is trusted. */
  boolean trustsProxy(String address);

  /** A peer was rejected on such a port, before anything was sent to it. */
  void proxyRejected(MailProtocol protocol, ProxyRejection why);

  /** Decides about a new connection, before it is greeted. */
  Uni<Decision> admit(Peer peer);

  /** A command took so much work; returns the delay before the next one, zero for none. */
  Duration charge(Peer peer, Duration work);

  /** The connection is passed on to the user's site, which counts the session. */
  default void passedOn(Peer peer) {}

  /** The user of a connection has left, and the connection stays. */
  default void userLeft(Peer peer) {}

  /** The connection has ended. Called once after each {@link #admit}, whatever the decision was. */
  void release(Peer peer);

  /** Admits every peer. */
  AdmissionControl OPEN =
      new AdmissionControl() {
        @Override
        public boolean trustsProxy(String address) {
          return false;
        }

        @Override
        public void proxyRejected(MailProtocol protocol, ProxyRejection why) {}

        @Override
        public Uni<Decision> admit(Peer peer) {
          return Uni.createFrom().item(Decision.ADMITTED);
        }

        @Override
        public Duration charge(Peer peer, Duration work) {
          return Duration.ZERO;
        }

        @Override
        public void release(Peer peer) {}
      };
}
