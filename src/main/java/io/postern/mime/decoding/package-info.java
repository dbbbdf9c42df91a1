/**
 * Decodes octets: transfer encodings and charsets of mail (RFC 2045 §6, 2152).
 *
 * <p>Imports Vert.x buffers. Must not know a message, throw at any input, or hold more than a
 * piece.
 *
 * <p>Laws: octets may arrive cut anywhere, the result does not depend on where; unknown encodings
 * and charsets, and malformed octets, decode to something.
 */
package io.postern.mime.decoding;
