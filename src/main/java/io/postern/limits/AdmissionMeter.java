package io.postern.limits;

import java.time.Duration;

/** Is told of what was refused and delayed; must be quick. Any thread. */
public interface AdmissionMeter {
  /** Why somebody was not let in. */
  enum Why {
    /** The access rules. */
    RULE,
    /** The limit of connections. */
    CONNECTIONS,
    /** The limit of connections from one address. */
    ADDRESS,
    /** The limit of connections that have not logged in. */
    PRE_AUTHENTICATED,
    /** The limit of connections from one address that have not logged in. */
    PRE_AUTHENTICATED_ADDRESS,
    /** The limit of sessions of one user. */
    USER,
    /** Too many failed logins. */
    BANNED,
    /** A peer that is no listed load balancer, or did not say who its client is. */
    PROXY
  }

  /** Somebody was not let in. */
  void refused(String protocol, Why why);

  /** A command was made to wait. */
  void throttled(String protocol, Duration wait);

  /** A session was ended in favour of a newer one, or because its user may not go on. */
  void ended(String protocol);

  /** Nobody counts. */
  AdmissionMeter NONE =
      new AdmissionMeter() {
        @Override
        public void refused(String protocol, Why why) {}

        @Override
        public void throttled(String protocol, Duration wait) {}

        @Override
        public void ended(String protocol) {}
      };
}
