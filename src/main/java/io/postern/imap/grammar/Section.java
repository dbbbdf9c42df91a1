package io.postern.imap.grammar;

import java.util.List;

/**
 * A section of a message as {@code BODY[...]} names it (RFC 3501 §6.4.5).
 *
 * @param part numbers from the outermost part inwards, each at least 1; none for the message itself
 * @param what which text of that part
 * @param fields of {@link What#HEADER_FIELDS} and {@link What#HEADER_FIELDS_NOT} at least one name,
 *     as the client wrote it; else none
 */
public record Section(List<Integer> part, What what, List<String> fields) {
  /** Most levels of a part number. */
  public static final int MAX_LEVELS = 100;

  /** {@code BODY[]}: the whole message. */
  public static final Section WHOLE = new Section(List.of(), What.ALL, List.of());

  /** {@code BODY[HEADER]}: the message's header. */
  public static final Section HEADER = new Section(List.of(), What.HEADER, List.of());

  /** {@code BODY[TEXT]}: the message's body. */
  public static final Section TEXT = new Section(List.of(), What.TEXT, List.of());

  public Section {
    part = List.copyOf(part);
    fields = List.copyOf(fields);
  }

  /** Which text of a part. */
  public enum What {
    /** All of the message, or the body of the part. */
    ALL(""),
    /** The header of the message, or of the message in the part. */
    HEADER("HEADER"),
    /** Its fields of these names. */
    HEADER_FIELDS("HEADER.FIELDS"),
    /** Its other fields. */
    HEADER_FIELDS_NOT("HEADER.FIELDS.NOT"),
    /** The body of the message, or of the message in the part. */
    TEXT("TEXT"),
    /** The MIME header of the part. */
    MIME("MIME");

    private final String text;

    What(String text) {
      this.text = text;
    }

    /** The text as in a command. */
    public String text() {
      return text;
    }

    public boolean takesFields() {
      return this == HEADER_FIELDS || this == HEADER_FIELDS_NOT;
    }
  }

  /**
   * A range of the octets: {@code <offset.count>}.
   *
   * @param offset octets left out before it, from 0; may lie behind the end
   * @param count octets wanted, from 1; may reach behind the end
   */
  public record Partial(long offset, long count) {}
}
