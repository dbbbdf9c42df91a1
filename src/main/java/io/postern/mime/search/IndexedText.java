package io.postern.mime.search;

import io.postern.mime.search.SearchTerms.Scope;
import io.postern.mime.text.FoldedText;
import io.postern.mime.text.UnicodeCasemap;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of a message for SEARCH: the decoded values of some header fields, and a signature
 * of all its text. {@link MessageSearch#apply} evaluates terms by it.
 *
 * <p>The fields are encoded one after the other: an octet with twice the number of the field in
 * {@link #FIELDS}, plus one for the addresses that it lists, two octets with a length, and so many
 * octets of text as {@link FoldedText} encodes it. The signature is that of {@link TrigramSet}.
 *
 * @param fields empty when they are not known, because they are too long; at most {@link
 *     #MAX_FIELDS} octets
 * @param signature empty when none is known: the text may contain anything; at most 8 KiB
 */
public record IndexedText(Optional<ByteBuffer> fields, Optional<ByteBuffer> signature) {
  /** Nothing is known. */
  public static final IndexedText UNKNOWN = new IndexedText(Optional.empty(), Optional.empty());

  /** Most octets of fields. */
  public static final int MAX_FIELDS = 4 * 1024;

  /** Most octets of fields and signature together. */
  public static final int MAX_LENGTH = MAX_FIELDS + TrigramSet.MAX_OCTETS;

  /**
   * What the encoding, and what is encoded, depend on: a number of their own, and the version of
   * the JDK, whose charsets and letter cases they are made by. The number is raised when {@link
   * UnicodeCasemap} changes: what is kept of another format is unknown, and is made anew. Of two
   * formats the greater is newer.
   */
  public static final int FORMAT = 2_000 + Runtime.version().feature();

  /** The lower-case names of the fields that are kept; of the first ones the addresses, too. */
  static final List<String> FIELDS =
      List.of("from", "to", "cc", "bcc", "subject", "reply-to", "message-id", "in-reply-to");

  /** How many of the fields have addresses that are kept. */
  static final int WITH_ADDRESSES = 4;

  /** Octets before the text of a field. */
  static final int HEADER = 3;

  /** Octets that it takes in memory. */
  public int length() {
    return fields.map(ByteBuffer::remaining).orElse(0)
        + signature.map(ByteBuffer::remaining).orElse(0);
  }

  /** The number of a field that is kept for terms of a scope; -1 when it is not kept. */
  static int number(Scope scope, String field) {
    int number = FIELDS.indexOf(field);
    return scope == Scope.ADDRESSES && number >= WITH_ADDRESSES ? -1 : number;
  }

  /** Receives the fields of a message. */
  interface Visitor {
    /**
     * Receives a field.
     *
     * @param number in {@link #FIELDS}
     * @param addresses whether the text is that of the addresses
     */
    void field(int number, boolean addresses, byte[] octets, int from, int to);
  }

  /** Shows the fields in the order of the header. */
  static void visit(ByteBuffer fields, Visitor visitor) {
    var octets = fields.array();
    int at = fields.arrayOffset() + fields.position();
    int end = at + fields.remaining();
    while (at < end) {
      int length = ((octets[at + 1] & 0xFF) << 8) | (octets[at + 2] & 0xFF);
      int from = at + HEADER;
      at = from + length;
      visitor.field(octets[from - HEADER] >> 1, (octets[from - HEADER] & 1) != 0, octets, from, at);
    }
  }
}
