/**
 * How one comes in: the doorman, who counts and refuses; the certificate that is shown, and whether
 * one is asked for; the header by which a load balancer says who the client is.
 *
 * <p>Imports Vert.x (and through it Netty's TLS) and Mutiny. Must not know a session or a
 * protocol's words.
 *
 * <p>Laws: what a client is told of itself by others is believed of listed peers only. What is read
 * before the greeting is bounded, in octets and in time. Nobody is turned away because a
 * certificate is replaced. TLS 1.2 and 1.3 have authenticated encryption and forward secrecy, and a
 * connection has one handshake.
 *
 * <p>The PROXY protocol, versions 1 and 2 (haproxy.org, proxy-protocol.txt); RFC 6066 §3 and RFC
 * 6125 §6.4 (whose certificate is shown); RFC 9325 (versions and cipher suites).
 */
package io.postern.wire.door;
