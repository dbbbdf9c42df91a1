/**
 * TLS of the mail ports: engines, certificates, protocol versions, client certificates and session
 * tickets.
 *
 * <p>Holds {@code TlsSource}, the port from which listeners take their configuration; {@code
 * TlsConfig}; {@code TlsEngine}, the JDK's TLS or OpenSSL's; {@code ReloadableCertificates}, which
 * replaces certificates while connections are open; {@code HandshakePolicy}, whose {@code
 * PolicyContext} decides at each handshake which engine performs it and whether a client
 * certificate is requested; {@code TicketKeys}, which rotates the keys of OpenSSL's session
 * tickets. Imports Vert.x and Netty's TLS. Must not know a session or a protocol.
 *
 * <p>Laws: no handshake fails because a certificate is being replaced; whatever a client may
 * observe of TLS, resumption on another replica apart, is the same with both engines; a session is
 * not resumed where a client certificate would be judged otherwise.
 *
 * <p>RFC 6066 §3 and RFC 6125 §6.4 (server name), RFC 8446 (TLS 1.3), RFC 5246 (TLS 1.2), RFC 5077
 * (tickets), RFC 5869 (HKDF).
 */
package io.postern.tls;
