package io.postern.site;

import io.postern.model.MailProtocol;

/** Counts what happens between sites. Called from any thread; must be quick. */
public interface SiteMeter {
  /** How the home of an account was found. */
  enum Lookup {
    /** It was in memory. */
    CACHED,
    /** It was read from the directory. */
    READ,
    /** The directory did not answer; the last answer was used. */
    STALE,
    /** The directory did not answer, and there was no earlier answer. */
    FAILED
  }

  /** How passing on a connection ended. */
  enum Outcome {
    /** The user is logged in at the home site. */
    ENTERED,
    /** The home site refused the login. */
    REFUSED,
    /** The home site could not be reached, or did not answer in time. */
    UNREACHABLE,
    /** It was not tried, because the site has not been reachable for some time. */
    FAILED_FAST,
    /** The site is not the home of the mailbox. */
    NOT_HOME,
    /** Two sites in turn were not the home of the mailbox. */
    LOOP,
    /** The site did not accept the hand-over: a wrong configuration. */
    MISCONFIGURED
  }

  /** What is wrong with the certificate of the other side. */
  enum CertificateFault {
    /** It is not valid any more, or not yet. */
    EXPIRED,
    /** It is missing, revoked, or not issued by a trusted issuer. */
    UNKNOWN,
    /** It is that of another site. */
    OTHER_SITE
  }

  /** The home of an account was looked up. */
  default void lookedUp(Lookup how) {}

  /** Passing on a connection to a site ended; once for each site that was tried. */
  default void passedOn(MailProtocol protocol, String site, Outcome outcome) {}

  /** The number of connections that are passed on has changed. */
  default void piped(MailProtocol protocol, int change) {}

  /** A connection to a site broke while a client was using it. */
  default void broke(MailProtocol protocol, String site) {}

  /**
   * A certificate was refused.
   *
   * @param incoming whether it was that of a site that connected here
   */
  default void certificateRefused(boolean incoming, CertificateFault why) {}

  /**
   * A peer that is no site claimed to pass on a connection.
   *
   * @param session the identifier of its session in logs
   * @param address its numeric address
   */
  default void untrustedHandOver(MailProtocol protocol, String session, String address) {}

  /** A connection was refused because it was passed on too often. */
  default void looped(MailProtocol protocol) {}

  /** Counts nothing. */
  SiteMeter NONE = new SiteMeter() {};
}
