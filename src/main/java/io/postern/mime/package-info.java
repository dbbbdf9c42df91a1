/**
 * MIME messages (RFC 5322, 2045–2047, 2183, 2231): their structure is computed once, while the
 * octets arrive at delivery.
 *
 * <p>Holds the scanner that finds parts and their ranges, the wire forms of ENVELOPE and
 * BODYSTRUCTURE, and sections; {@code header} parses header fields. Imports {@code model}, {@code
 * mime.header} and Vert.x buffers. Must not know a protocol's session or the store, and must not
 * throw at any input: a malformed message has a structure too.
 *
 * <p>Laws: cost is linear in the octets; memory is bounded for any input; every range lies within
 * the message; stored octets are never changed.
 */
package io.postern.mime;
