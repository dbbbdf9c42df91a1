package io.postern.limits;

import io.postern.model.MailProtocol;
import java.time.Duration;

/** Counts refusals and delays. Called from any thread; must be quick. */
public interface AdmissionMeter {
  /** Why a peer or a user was refused. */
  enum Why {
    /** An access rule. */
    RULE,
    /** The limit of connections. */
    CONNECTIONS,
    /** The limit of connections from one address. */
    ADDRESS,
    /** The limit of unauthenticated connections. */
    PRE_AUTHENTICATED,
    /** The limit of unauthenticated connections from one address. */
    PRE_AUTHENTICATED_ADDRESS,
    /** The limit of sessions of one user. */
    USER,
    /** Too many failed logins. */
    BANNED,
    /** A peer that is no listed load balancer, or sent no valid PROXY header. */
    PROXY
  }

  /** A peer or a user was refused. */
  void refused(MailProtocol protocol, Why why);

  /** A command was delayed. */
  void throttled(MailProtocol protocol, Duration wait);

  /** A session was evicted in favour of a newer one, or revoked. */
  void ended(MailProtocol protocol);

  /** Counts nothing. */
  AdmissionMeter NONE =
      new AdmissionMeter() {
        @Override
        public void refused(MailProtocol protocol, Why why) {}

        @Override
        public void throttled(MailProtocol protocol, Duration wait) {}

        @Override
        public void ended(MailProtocol protocol) {}
      };
}
