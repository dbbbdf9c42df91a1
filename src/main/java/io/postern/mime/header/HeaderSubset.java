package io.postern.mime.header;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Selects fields of a header as it flows past, for HEADER.FIELDS and HEADER.FIELDS.NOT (RFC 3501
 * §6.4.5) and for trace fields (RFC 5321 §4.4). Fields stay as stored, folding included; names
 * compare without case. Holds at most {@link #MAX_NAME} octets between two calls.
 */
public final class HeaderSubset {
  /** A line that has no colon within so many octets is no field. */
  static final int MAX_NAME = 1000;

  private enum At {
    LINE_START,
    NAME,
    REST
  }

  private final Set<String> names;
  private final boolean named;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private At at = At.LINE_START;
  private boolean keeps;
  private boolean over;

  /**
   * A subset that begins at a header's first octet.
   *
   * @param names the fields named
   * @param named true for those fields, false for all others, lines that are no field included
   */
  public HeaderSubset(Collection<String> names, boolean named) {
    this.names = new HashSet<>();
    names.forEach(name -> this.names.add(name.toLowerCase(Locale.ROOT)));
    this.named = named;
    this.keeps = !named;
  }

  /** The subset of a whole header in memory, with its closing empty line if it has one. */
  public static Buffer of(Buffer header, Collection<String> names, boolean named) {
    var subset = new HeaderSubset(names, named);
    return subset.feed(header).appendBuffer(subset.finish());
  }

  /** Whether the empty line that ends the header was seen: what follows it passes unchanged. */
  public boolean over() {
    return over;
  }

  /** Takes the next octets and returns those of the subset that are certain by now. */
  public Buffer feed(Buffer bytes) {
    var octets = bytes.getBytes();
    int from = 0;
    while (from < octets.length && !over) {
      if (at == At.LINE_START) {
        lineStart(octets[from]);
      }
      from = at == At.NAME ? name(octets, from) : rest(octets, from);
    }
    out.write(octets, from, octets.length - from);
    return takeResult();
  }

  /**
   * Ends the header; returns the rest of the subset. A header without an empty line has a subset
   * without one (RFC 3501 §6.4.5).
   */
  public Buffer finish() {
    if (at == At.NAME) {
      decide(!named);
    }
    return takeResult();
  }

  private void lineStart(byte first) {
    boolean continues = first == ' ' || first == '\t';
    at = continues ? At.REST : At.NAME;
  }

  private int name(byte[] octets, int from) {
    byte octet = octets[from];
    held.write(octet);
    if (octet == ':') {
      var name = held.toString(StandardCharsets.ISO_8859_1);
      name = name.substring(0, name.length() - 1).stripTrailing().toLowerCase(Locale.ROOT);
      decide(names.contains(name) == named);
    } else if (octet == '\n') {
      boolean empty = held.size() == 1 || (held.size() == 2 && held.toByteArray()[0] == '\r');
      over = empty;
      decide(empty || !named);
      at = At.LINE_START;
    } else if (held.size() >= MAX_NAME) {
      decide(!named);
    }
    return from + 1;
  }

  private void decide(boolean keep) {
    keeps = keep;
    at = At.REST;
    if (keep) {
      var octets = held.toByteArray();
      out.write(octets, 0, octets.length);
    }
    held.reset();
  }

  private int rest(byte[] octets, int from) {
    int to = from;
    while (to < octets.length && octets[to] != '\n') {
      to++;
    }
    if (to < octets.length) {
      to++;
      at = At.LINE_START;
    }
    if (keeps) {
      out.write(octets, from, to - from);
    }
    return to;
  }

  private Buffer takeResult() {
    var taken = Buffer.buffer(out.toByteArray());
    out.reset();
    return taken;
  }
}
