/**
 * Searching the text of messages (RFC 3501 §6.4.4, RFC 6203): one pass that searches for all texts
 * of a SEARCH, and what is kept of a message so that most searches need no pass.
 *
 * <p>Imports {@code mime}, {@code mime.header}, {@code mime.decoding}, {@code mime.text} and Vert.x
 * buffers. Must not know a protocol's session or the store, or throw at any input.
 *
 * <p>{@code TextIndexing} makes what is kept of a message for SEARCH: the decoded values of the
 * fields that clients search, and a signature of its trigrams. Measured beside it were an index of
 * trigrams and one of words in the database: each costs many times the processor time and the log
 * of a delivery, and answers no faster, because substrings have to be verified by the text anyway.
 * More bits a trigram exclude hardly more: a long text has most trigrams of words that it lacks.
 *
 * <p>Laws: what is kept of a message decides a term only as a scan of its text does: it is made of
 * the same ranges, by the same decoders and the same folding, and texts of fewer than three
 * characters are not looked up. Memory is bounded by the texts searched for and one piece; cost is
 * linear in the octets, however many texts are searched for.
 */
package io.postern.mime.search;
