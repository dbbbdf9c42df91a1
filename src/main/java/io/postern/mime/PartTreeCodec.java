package io.postern.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes a part tree for the store: a version, then each part before its children; texts with
 * their length before them, numbers in seven-bit groups, ranges as differences.
 */
public final class PartTreeCodec {
  /** Octets of memory that a tree takes for each of its octets in the store. */
  public static final int HELD = 16;

  private static final int VERSION = 1;

  private final byte[] bytes;
  private int at;

  private PartTreeCodec(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Encodes a tree. */
  public static byte[] encode(PartTree tree) {
    var out = new ByteArrayOutputStream(length(tree));
    out.write(VERSION);
    write(out, tree);
    return out.toByteArray();
  }

  /** How many octets {@link #encode} writes; costs no memory. */
  public static int length(PartTree tree) {
    return 1 + ofPart(tree);
  }

  private static int ofPart(PartTree part) {
    int length =
        ofText(part.type())
            + ofText(part.subtype())
            + ofText(part.encoding())
            + ofText(part.charset())
            + ofNumber(part.headerStart())
            + ofNumber(part.bodyStart() - part.headerStart())
            + ofNumber(part.end() - part.bodyStart())
            + ofNumber(part.children().size());
    for (var child : part.children()) {
      length += ofPart(child);
    }
    return length;
  }

  private static int ofText(String text) {
    int octets = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        octets = text.getBytes(StandardCharsets.UTF_8).length;
        break;
      }
      octets++;
    }
    return ofNumber(octets) + octets;
  }

  private static int ofNumber(int number) {
    return 1 + Math.max(0, 31 - Integer.numberOfLeadingZeros(number)) / 7;
  }

  /**
   * Decodes a tree.
   *
   * @throws IllegalArgumentException if {@link #encode} did not write this
   */
  public static PartTree decode(byte[] bytes) {
    var in = new PartTreeCodec(bytes);
    int version = in.octet();
    if (version != VERSION) {
      throw new IllegalArgumentException("a part tree of version " + version);
    }
    return in.part(0);
  }

  private static void write(ByteArrayOutputStream out, PartTree part) {
    for (var text : List.of(part.type(), part.subtype(), part.encoding(), part.charset())) {
      var octets = text.getBytes(StandardCharsets.UTF_8);
      write(out, octets.length);
      out.write(octets, 0, octets.length);
    }
    write(out, part.headerStart());
    write(out, part.bodyStart() - part.headerStart());
    write(out, part.end() - part.bodyStart());
    write(out, part.children().size());
    part.children().forEach(child -> write(out, child));
  }

  private static void write(ByteArrayOutputStream out, int number) {
    int rest = number;
    while (rest >>> 7 != 0) {
      out.write((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  private PartTree part(int depth) {
    if (depth > MessageScanner.MAX_NESTING + 1) {
      throw new IllegalArgumentException("a part tree that is too deep");
    }
    var type = text();
    var subtype = text();
    var encoding = text();
    var charset = text();
    int headerStart = number();
    int bodyStart = headerStart + number();
    int end = bodyStart + number();
    int count = number();
    var children = new ArrayList<PartTree>();
    for (int i = 0; i < count; i++) {
      children.add(part(depth + 1));
    }
    return new PartTree(type, subtype, encoding, charset, headerStart, bodyStart, end, children);
  }

  private String text() {
    int length = number();
    if (length < 0 || length > bytes.length - at) {
      throw new IllegalArgumentException("a part tree that ends early");
    }
    at += length;
    return new String(bytes, at - length, length, StandardCharsets.UTF_8);
  }

  private int number() {
    int number = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      int octet = octet();
      number |= (octet & 0x7F) << shift;
      if (octet < 0x80) {
        break;
      }
    }
    return number;
  }

  private int octet() {
    if (at >= bytes.length) {
      throw new IllegalArgumentException("a part tree that ends early");
    }
    return bytes[at++] & 0xFF;
  }
}
