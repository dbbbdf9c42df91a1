/**
 * The SASL mechanisms, one file each, and their helpers.
 *
 * <p>Holds {@code Plain}, {@code PlainLogin}, {@code Scram} (with and without channel binding),
 * {@code Bearer} (OAUTHBEARER and XOAUTH2, over {@code Tokens}: {@code JwtTokens}, {@code
 * TokenKind}, {@code IssuerKeys}), {@code External}, {@code SiteExternal} (for front ends of other
 * sites), {@code Gssapi}. Imports {@code auth}, {@code config}, the store's {@code Secret},
 * SmallRye JWT and the JDK's GSS. Must not know a protocol or a socket.
 *
 * <p>Laws: a mechanism is stateless, an exchange's state is in its steps. It gets the candidate
 * from {@code Login}, checks the proof for every candidate, and lets {@code Login} decide: so every
 * refusal is the same answer after the same work. Blocking work runs on {@code Workers}; fetches of
 * an issuer's keys run on threads of their own.
 *
 * <p>RFC 4422 (EXTERNAL in its Appendix A), RFC 4616, RFC 4752, RFC 5802, RFC 5929, RFC 7628, RFC
 * 7677, RFC 9266.
 */
package io.postern.auth.sasl;
