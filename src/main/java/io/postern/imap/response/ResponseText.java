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
import org.jspecify.annotations.Nullable;

/**
 * Writes the values of responses to a buffer. The caller writes spaces; every method returns this
 * writer. Short pieces are gathered in an array first: an append to the buffer costs more than most
 * of them.
 */
public final class ResponseText {
  /** Most octets of a quoted string; longer strings are literals. */
  public static final int MAX_QUOTED = 1_024;

  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] NIL = {'N', 'I', 'L'};
  private static final SystemFlag[] SYSTEM = SystemFlag.values();
  private static final byte[][] SYSTEM_NAMES =
      Arrays.stream(SYSTEM).map(flag -> latin1(flag.text())).toArray(byte[][]::new);

  /** Octets gathered at most: those of a usual line. */
  private static final int GATHERED = 192;

  /** Digits of the greatest number. */
  private static final int MAX_DIGITS = 19;

  private static final long SYSTEM_BITS =
      Arrays.stream(SYSTEM).mapToLong(SystemFlag::bit).reduce(0, (one, other) -> one | other);

  private final byte[] gathered = new byte[GATHERED];
  private int used;

  /** Null between two responses: it would be held as long as the client is idle. */
  @Nullable private Buffer out;

  /** A writer to a new buffer. */
  public ResponseText() {
    this(Buffer.buffer());
  }

  /** A writer that appends to this buffer. */
  public ResponseText(Buffer out) {
    this.out = out;
  }

  /** A writer that has no buffer before {@link #at}. */
  static ResponseText idle() {
    var idle = new ResponseText();
    idle.end();
    return idle;
  }

  /** This writer, from now on at the end of another buffer; what it has gathered is dropped. */
  ResponseText at(Buffer other) {
    out = other;
    used = 0;
    return this;
  }

  /** Appends what is gathered to the buffer. */
  void drain() {
    if (used > 0) {
      out().appendBytes(gathered, 0, used);
      used = 0;
    }
  }

  /** Appends what is gathered, and has no buffer any more before {@link #at}. */
  void end() {
    drain();
    out = null;
  }

  /** Makes room for so many octets, {@link #GATHERED} at most. */
  private void reserve(int octets) {
    if (used + octets > GATHERED) {
      drain();
    }
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The buffer written to; not a copy. */
  public Buffer buffer() {
    drain();
    return out();
  }

  private Buffer out() {
    if (out == null) {
      throw new IllegalStateException("no response is being written");
    }
    return out;
  }

  /** Octets in the buffer. */
  public int length() {
    return out().length() + used;
  }

  /** Writes the text unchanged, each char one octet (ISO 8859-1): words, spaces, punctuation. */
  @SuppressWarnings("deprecation") // The octets of chars, without an array of their own.
  public ResponseText raw(String latin1) {
    int length = latin1.length();
    if (length > GATHERED) {
      return raw(latin1(latin1));
    }
    reserve(length);
    latin1.getBytes(0, length, gathered, used);
    used += length;
    return this;
  }

  /** Writes one ASCII character. */
  public ResponseText raw(char c) {
    reserve(1);
    gathered[used++] = (byte) c;
    return this;
  }

  /** Writes the octets unchanged. */
  public ResponseText raw(Buffer octets) {
    drain();
    out().appendBuffer(octets);
    return this;
  }

  /** Writes the octets unchanged. */
  public ResponseText raw(byte[] octets) {
    return raw(octets, 0, octets.length);
  }

  private ResponseText raw(byte[] octets, int from, int length) {
    if (length > GATHERED) {
      drain();
      out().appendBytes(octets, from, length);
    } else {
      reserve(length);
      System.arraycopy(octets, from, gathered, used, length);
      used += length;
    }
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
    reserve(MAX_DIGITS);
    int end = used + 1;
    for (long rest = number; rest > 9; rest /= 10) {
      end++;
    }
    used = end;
    long rest = number;
    do {
      gathered[--end] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
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
        raw(octets, from, i - from).raw('\\');
        from = i;
      }
    }
    return raw(octets, from, octets.length - from).raw('"');
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
    int start = length();
    for (int i = 0; (bits & SYSTEM_BITS) != 0 && i < SYSTEM.length; i++) {
      if ((bits & SYSTEM[i].bit()) != 0) {
        separate(start).raw(SYSTEM_NAMES[i]);
      }
    }
    for (int i = 0; (bits & ~SYSTEM_BITS) != 0 && i < keywords.names().size(); i++) {
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
    return length() == start ? this : space();
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
