/**
 * The SASL mechanisms, a file each, and what they need.
 *
 * <p>Holds {@code Plain}, {@code PlainLogin}, {@code Scram} (with and without channel binding),
 * {@code Bearer} (OAUTHBEARER and XOAUTH2, over {@code Tokens}: {@code JwtTokens}, {@code
 * TokenKind}, {@code IssuerKeys}), {@code External}, {@code Gssapi}. Imports {@code auth}, {@code
 * config}, the store's {@code Secret}, SmallRye JWT and the JDK's GSS. Must not know a protocol or
 * a socket.
 *
 * <p>Laws: a mechanism is stateless, its exchange is in the steps. It asks {@code Login} for the
 * candidate, checks the proof whoever that is, and lets {@code Login} decide: so all who are
 * refused get the same answer after the same work. Whatever may block runs on {@code Workers}, and
 * what waits for others, the issuer of keys, on threads of its own.
 *
 * <p>RFC 4422 (EXTERNAL in its Appendix A), RFC 4616, RFC 4752, RFC 5802, RFC 5929, RFC 7628, RFC
 * 7677, RFC 9266.
 */
package io.postern.auth.sasl;
