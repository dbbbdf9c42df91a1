/**
 * Addresses as settings write them: networks in CIDR notation, and rules of who may come from
 * where. JDK only.
 *
 * <p>RFC 4632 §3.1, RFC 4291 §2.3.
 */
package io.postern.config.net;
