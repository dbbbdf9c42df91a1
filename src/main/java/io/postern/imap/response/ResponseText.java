package io.postern.imap.response;

import io.postern.imap.grammar.DateText;
import io.postern.imap.grammar.Octets;
import io.postern.imap.grammar.Section;
import io.postern.imap.grammar.Section.Partial;
import io.postern.model.NumberSet;
import io.postern.model.message.InternalDate;
import io.postern.model.message.Keywords;
import io.postern.model.message.SystemFlag;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Writes the values of responses to a buffer. The caller writes spaces; every method returns this
 * writer.
 */
public final class ResponseText {
  /** Most octets of a quoted string; longer strings are literals. */
  public static final int MAX_QUOTED = 1_024;

  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] NIL = {'N', 'I', 'L'};
  private static final SystemFlag[] SYSTEM = SystemFlag.values();
  private static final byte[][] SYSTEM_NAMES =
      Arrays.stream(SYSTEM).map(flag -> latin1(flag.text())).toArray(byte[][]::new);

  private Buffer out;
  private final byte[] digits = new byte[20];

  /** A writer to a new buffer. */
  public ResponseText() {
    this(Buffer.buffer(256));
  }

  /** A writer that appends to this buffer. */
  public ResponseText(Buffer out) {
    this.out = out;
  }

  /** This writer, from now on at the end of another buffer. */
  ResponseText at(Buffer other) {
    out = other;
    return this;
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The buffer written to; not a copy. */
  public Buffer buffer() {
    return out;
  }

  /** Octets in the buffer. */
  public int length() {
    return out.length();
  }

  /** Writes the text unchanged, each char one octet (ISO 8859-1): words, spaces, punctuation. */
  public ResponseText raw(String latin1) {
    out.appendBytes(latin1(latin1));
    return this;
  }

  /** Writes one ASCII character. */
  public ResponseText raw(char c) {
    out.appendByte((byte) c);
    return this;
  }

  /** Writes the octets unchanged. */
  public ResponseText raw(Buffer octets) {
    out.appendBuffer(octets);
    return this;
  }

  /** Writes the octets unchanged. */
  public ResponseText raw(byte[] octets) {
    out.appendBytes(octets);
    return this;
  }

  /** Writes a space. */
  public ResponseText space() {
    return raw(' ');
  }

  /** Writes the end of a response. */
  public ResponseText crlf() {
    return raw(CRLF);
  }

  /** Writes NIL. */
  public ResponseText nil() {
    return raw(NIL);
  }

  /**
   * Writes text for people, behind a status (RFC 3501 §9: {@code text}). What is not printable
   * ASCII becomes "?".
   */
  public ResponseText text(String words) {
    byte[] octets = new byte[words.length()];
    for (int i = 0; i < octets.length; i++) {
      char c = words.charAt(i);
      octets[i] = (byte) (c >= ' ' && c < 0x7F ? c : '?');
    }
    return raw(octets);
  }

  /** Writes a number, not negative. */
  public ResponseText number(long number) {
    int first = digits.length;
    long rest = number;
    do {
      digits[--first] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    out.appendBytes(digits, first, digits.length - first);
    return this;
  }

  /** Writes a set of at least one number, as {@code 1,3:5}. */
  public ResponseText set(NumberSet set) {
    for (int i = 0; i < set.ranges(); i++) {
      if (i > 0) {
        raw(',');
      }
      number(set.first(i));
      if (set.first(i) != set.last(i)) {
        raw(':').number(set.last(i));
      }
    }
    return this;
  }

  /** Writes {@code astring}: an atom where the text can be one. */
  public ResponseText astring(String text) {
    return Octets.isAtom(text) ? raw(text) : string(text);
  }

  /** Writes {@code string} in UTF-8; see {@link #string(byte[])}. */
  public ResponseText string(String text) {
    return string(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes {@code string}; see {@link #string(byte[])}. */
  public ResponseText string(Buffer octets) {
    return octets.length() > MAX_QUOTED
        ? literalOf(octets.length()).raw(octets)
        : string(octets.getBytes());
  }

  /**
   * Writes {@code string}: quoted when it is printable ASCII of at most {@link #MAX_QUOTED} octets,
   * else a literal.
   */
  public ResponseText string(byte[] octets) {
    return isQuotable(octets) ? quoted(octets) : literalOf(octets.length).raw(octets);
  }

  private ResponseText quoted(byte[] octets) {
    raw('"');
    int from = 0;
    for (int i = 0; i < octets.length; i++) {
      if (octets[i] == '"' || octets[i] == '\\') {
        out.appendBytes(octets, from, i - from).appendByte((byte) '\\');
        from = i;
      }
    }
    out.appendBytes(octets, from, octets.length - from);
    return raw('"');
  }

  private static boolean isQuotable(byte[] octets) {
    for (byte octet : octets) {
      if (octet < ' ' || octet == 0x7F) {
        return false;
      }
    }
    return octets.length <= MAX_QUOTED;
  }

  /** Writes {@code nstring}: NIL for an empty optional. */
  public ResponseText nstring(Optional<String> text) {
    return text.map(this::string).orElseGet(this::nil);
  }

  /** Announces a literal; exactly so many octets must follow. */
  public ResponseText literalOf(long octets) {
    return raw('{').number(octets).raw('}').crlf();
  }

  /**
   * Writes {@code string} in UTF-8, quoted where a line can hold it (RFC 6855 §3): text without
   * line ends and NUL, of at most {@link #MAX_QUOTED} octets.
   */
  ResponseText utf8(String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    boolean quotable =
        octets.length <= MAX_QUOTED && text.chars().noneMatch(Character::isISOControl);
    return quotable ? quoted(octets) : literalOf(octets.length).raw(octets);
  }

  /** Writes packed flags in parentheses. */
  public ResponseText flags(long bits, Keywords keywords, boolean recent) {
    return flags(bits, keywords, recent ? "\\Recent" : "");
  }

  /**
   * Writes packed flags in parentheses.
   *
   * @param more another flag behind those, empty for none
   */
  ResponseText flags(long bits, Keywords keywords, String more) {
    raw('(');
    int start = out.length();
    for (int i = 0; i < SYSTEM.length; i++) {
      if ((bits & SYSTEM[i].bit()) != 0) {
        separate(start).raw(SYSTEM_NAMES[i]);
      }
    }
    for (int i = 0; i < keywords.names().size(); i++) {
      if ((bits & 1L << (Keywords.FIRST_BIT + i)) != 0) {
        separate(start).raw(keywords.names().get(i));
      }
    }
    if (!more.isEmpty()) {
      separate(start).raw(more);
    }
    return raw(')');
  }

  /** Writes a space, unless nothing was written since the list began. */
  private ResponseText separate(int start) {
    return out.length() == start ? this : space();
  }

  /** Writes {@code date-time} in its quotes, as {@code "17-Jul-1996 02:44:25 -0700"}. */
  public ResponseText internalDate(InternalDate date) {
    return raw(DateText.write(date));
  }

  /** Writes a section with its brackets as in a response; of a partial only the offset. */
  public ResponseText section(Section section, Optional<Partial> partial) {
    raw('[');
    for (int i = 0; i < section.part().size(); i++) {
      raw(i > 0 ? "." : "").number(section.part().get(i));
    }
    if (section.what() != Section.What.ALL && !section.part().isEmpty()) {
      raw('.');
    }
    raw(section.what().text());
    if (section.what().takesFields()) {
      raw(" (");
      for (int i = 0; i < section.fields().size(); i++) {
        raw(i > 0 ? " " : "").astring(section.fields().get(i));
      }
      raw(')');
    }
    raw(']');
    partial.ifPresent(p -> raw('<').number(p.offset()).raw('>'));
    return this;
  }
}
