/**
 * Header fields of messages and parts (RFC 5322 §2.2, RFC 2045 §5, RFC 2183, RFC 2231).
 *
 * <p>Holds the scanner that keeps wanted fields while octets flow past, cursors over stored headers
 * and field values, subsets of fields, and parameters. Imports Vert.x buffers. Must not know the
 * structure of a message, a protocol or the store, and must not throw at any input.
 *
 * <p>Laws: cost is linear in the octets; kept fields are bounded; octets are chars 0 to 255.
 */
package io.postern.mime.header;
