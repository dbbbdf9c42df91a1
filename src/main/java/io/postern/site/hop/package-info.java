/**
 * The hop: passes on a client's connection to the site of its mailbox.
 *
 * <p>Holds {@code SitePassing}, which implements {@code Sites}; {@code HopAttempt}, one connection
 * to one address; one {@code HopDialogue} for each protocol; {@code CircuitBreaker}. Imports {@code
 * model}, {@code config}, {@code cancellation}, {@code wire}, {@code auth}, {@code site} and its
 * directory. Must not know a socket or SQL.
 *
 * <p>Laws: the front end is silent about why a login failed elsewhere, as about its own. A site
 * that cannot be reached is never reported as wrong credentials. What the other side sends before
 * the end of the login is bounded in octets and time. An attempt ends with its client.
 *
 * <p>RFC 2971 (ID), RFC 4959 (SASL-IR), RFC 4422 Appendix A (EXTERNAL), RFC 2221 (REFERRAL), RFC
 * 5034 (AUTH), RFC 5530 and RFC 3206 (codes).
 */
package io.postern.site.hop;
