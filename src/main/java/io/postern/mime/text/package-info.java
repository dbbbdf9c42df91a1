/**
 * The readable text of a message: header and body text, decoded to Unicode (RFC 2045 §6, 2047,
 * 2231, RFC 5256 §2.1), and the passes over both that feed a {@code TextScan} (RFC 3501 §6.4.4).
 *
 * <p>Holds the decoder of encoded words, the folding by which texts are compared, and what other
 * rooms show of texts: subjects without their prefixes, previews. Imports {@code mime}, {@code
 * mime.header}, {@code mime.decoding} and Vert.x buffers. Must not know a protocol's session or the
 * store, or throw at any input.
 *
 * <p>Laws: the result does not depend on how octets are cut; memory is bounded by one piece; cost
 * is linear in the octets. Texts are compared by i;unicode-casemap (RFC 5051).
 */
package io.postern.mime.text;
