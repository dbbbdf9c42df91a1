/**
 * TLS of the mail ports: certificates, protocol versions and client certificates.
 *
 * <p>Holds {@code TlsSource}, the port from which listeners take their configuration; {@code
 * TlsConfig}; {@code ReloadableCertificates}, which replaces certificates while connections are
 * open; and {@code ClientAuthPolicy}, which decides per handshake whether a client certificate is
 * requested. Imports Vert.x and Netty's TLS. Must not know a session or a protocol.
 *
 * <p>Laws: no handshake fails because a certificate is being replaced.
 *
 * <p>RFC 6066 §3 and RFC 6125 §6.4 (server name), RFC 8446 (TLS 1.3), RFC 5246 (TLS 1.2).
 */
package io.postern.tls;
