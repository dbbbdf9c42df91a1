/**
 * The readable text of a message: header and body text, decoded to Unicode and searched (RFC 2045
 * §6, 2047, 2231, RFC 3501 §6.4.4).
 *
 * <p>Holds the decoder of encoded words, and one pass that searches for all texts of a SEARCH.
 * Imports {@code mime}, {@code mime.decoding} and Vert.x buffers. Must not know a protocol's
 * session or the store, or throw at any input.
 *
 * <p>{@code TextIndexing} makes what is kept of a message for SEARCH: the decoded values of the
 * fields that clients search, and a signature of its trigrams. Measured beside it were an index of
 * trigrams and one of words in the database: each costs many times the processor time and the log
 * of a delivery, and answers no faster, because substrings have to be verified by the text anyway.
 * More bits a trigram exclude hardly more: a long text has most trigrams of words that it lacks.
 *
 * <p>Laws: what is kept of a message decides a term only as a scan of its text does: it is made of
 * the same ranges, by the same decoders and the same folding, and texts of fewer than three
 * characters are not looked up. The result does not depend on how octets are cut; memory is bounded
 * by the texts searched for and one piece; cost is linear in the octets, however many texts are
 * searched for. Texts match when their code points do, each converted to upper and then to lower
 * case; composed and decomposed letters differ.
 */
package io.postern.mime.text;
