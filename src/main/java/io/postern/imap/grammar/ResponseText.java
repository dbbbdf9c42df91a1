package io.postern.imap.grammar;

import io.postern.model.Flags;
import io.postern.model.InternalDate;
import io.postern.model.Keywords;
import io.postern.model.MailboxName;
import io.postern.model.NumberSet;
import io.postern.model.SystemFlag;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
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

  private final Buffer out;
  private final byte[] digits = new byte[20];

  /** A writer to a new buffer. */
  public ResponseText() {
    this(Buffer.buffer(256));
  }

  /** A writer that appends to this buffer. */
  public ResponseText(Buffer out) {
    this.out = out;
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
    for (int i = 0; i < words.length(); i++) {
      char c = words.charAt(i);
      raw(c >= ' ' && c < 0x7F ? c : '?');
    }
    return this;
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
    if (!isQuotable(octets)) {
      return literalOf(octets.length).raw(octets);
    }
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

  /** Writes a mailbox name in modified UTF-7, as an atom where it can be one. */
  public ResponseText mailbox(MailboxName name) {
    return astring(MailboxText.encode(name));
  }

  /** Writes flags in parentheses. */
  public ResponseText flags(Flags flags, boolean recent) {
    raw('(');
    int start = out.length();
    systemFlags(flags.systemBits(), recent, start);
    for (var keyword : flags.keywords()) {
      separate(start).raw(keyword);
    }
    return raw(')');
  }

  /** Writes packed flags in parentheses. */
  public ResponseText flags(long bits, Keywords keywords, boolean recent) {
    raw('(');
    int start = out.length();
    systemFlags(bits, recent, start);
    for (int i = 0; i < keywords.names().size(); i++) {
      if ((bits & 1L << (Keywords.FIRST_BIT + i)) != 0) {
        separate(start).raw(keywords.names().get(i));
      }
    }
    return raw(')');
  }

  private void systemFlags(long bits, boolean recent, int start) {
    for (var flag : SYSTEM) {
      if ((bits & flag.bit()) != 0) {
        separate(start).raw(flag.text());
      }
    }
    if (recent) {
      separate(start).raw("\\Recent");
    }
  }

  /** Writes a space, unless nothing was written since the list began. */
  private ResponseText separate(int start) {
    return out.length() == start ? this : space();
  }

  /** Writes {@code date-time} in its quotes, as {@code "17-Jul-1996 02:44:25 -0700"}. */
  public ResponseText internalDate(InternalDate date) {
    return raw(DateText.write(date));
  }
}
