/**
 * The readable text of a message: header and body text, decoded to Unicode and searched (RFC 2045
 * §6, 2047, 2231, RFC 3501 §6.4.4).
 *
 * <p>Holds the decoders of transfer encodings, charsets and encoded words, and one pass that
 * searches for all texts of a SEARCH. Imports {@code mime} and Vert.x buffers. Must not know a
 * protocol's session or the store, or throw at any input.
 *
 * <p>Laws: the result does not depend on how octets are cut; memory is bounded by the texts
 * searched for and one piece; cost is linear in the octets, however many texts are searched for.
 * Texts match when their code points do, each converted to upper and then to lower case; composed
 * and decomposed letters differ.
 */
package io.postern.mime.text;
