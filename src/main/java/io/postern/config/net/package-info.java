/**
 * Network addresses in settings: networks in CIDR notation, and access rules by network. JDK only.
 *
 * <p>RFC 4632 §3.1, RFC 4291 §2.3.
 */
package io.postern.config.net;
