/**
 * What people read in a message: header and body text decoded to Unicode, and looked through (RFC
 * 2045 §6, 2047, 2231, RFC 3501 §6.4.4).
 *
 * <p>Holds the decoders of transfer encodings, charsets and encoded words, and one pass that looks
 * for all texts of a SEARCH. Imports {@code mime} and Vert.x buffers. Must not know a protocol's
 * session or the store, or throw at any input.
 *
 * <p>Laws: octets may come in any cuts and the answer is the same; memory is bounded by the text
 * looked for and one piece, cost is linear in the octets however many texts are looked for. Two
 * texts are alike when their code points are, each brought to upper and then to lower case;
 * composed and decomposed letters differ.
 */
package io.postern.mime.text;
