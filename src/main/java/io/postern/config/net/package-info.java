/**
 * Network addresses in settings: endpoints to listen on, networks in CIDR notation, access rules by
 * network, and the servers that users enter in their mail programs. JDK only.
 *
 * <p>RFC 4632 §3.1, RFC 4291 §2.3, RFC 1123 §2.1.
 */
package io.postern.config.net;
