package io.postern.mime.decoding;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Locale;

/**
 * Decodes a content transfer encoding; the octets arrive cut anywhere (RFC 2045 §6). Invalid
 * encoding is skipped (base64) or kept as it is (quoted-printable). Holds no more than a few octets
 * between two calls.
 */
public abstract sealed class TransferDecoder {
  private static final String HEXADECIMAL = "0123456789ABCDEF";

  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  /** The value of each octet as a base64 letter, or -1. */
  private static final byte[] SEXTETS = values(LETTERS);

  /** The value of each octet as a hexadecimal digit of either case, or -1. */
  private static final byte[] DIGITS = digits();

  private TransferDecoder() {}

  /** The decoder of an encoding, compared without case; an unknown one changes nothing. */
  public static TransferDecoder of(String encoding) {
    return switch (encoding.toLowerCase(Locale.ROOT)) {
      case "base64" -> new Base64();
      case "quoted-printable" -> new QuotedPrintable();
      default -> new Identity();
    };
  }

  /** Whether an encoding is one of RFC 2045 §6, compared without case. */
  public static boolean isKnown(String encoding) {
    return switch (encoding.toLowerCase(Locale.ROOT)) {
      case "7bit", "8bit", "binary", "base64", "quoted-printable" -> true;
      default -> false;
    };
  }

  /** Takes the next octets and returns what they decode to by now. */
  public Buffer feed(Buffer bytes) {
    var out = new ByteArrayOutputStream();
    decode(bytes.getBytes(), out);
    return Buffer.buffer(out.toByteArray());
  }

  /** Ends the octets; returns what was held back. */
  public Buffer finish() {
    var out = new ByteArrayOutputStream();
    end(out);
    return Buffer.buffer(out.toByteArray());
  }

  /** Decodes the next octets to a stream. */
  public abstract void decode(byte[] bytes, ByteArrayOutputStream out);

  /** Writes what was held back to a stream. */
  public void end(ByteArrayOutputStream out) {}

  /** The value of a base64 letter, six bits (RFC 2045 §6.8), or -1. */
  static int sextet(byte octet) {
    return SEXTETS[octet & 0xFF];
  }

  private static byte[] values(String digits) {
    var values = new byte[256];
    Arrays.fill(values, (byte) -1);
    for (int value = 0; value < digits.length(); value++) {
      values[digits.charAt(value)] = (byte) value;
    }
    return values;
  }

  private static byte[] digits() {
    var values = values(HEXADECIMAL);
    for (char c = 'A'; c <= 'F'; c++) {
      values[Character.toLowerCase(c)] = values[c];
    }
    return values;
  }

  private static final class Identity extends TransferDecoder {
    @Override
    public void decode(byte[] bytes, ByteArrayOutputStream out) {
      out.write(bytes, 0, bytes.length);
    }
  }

  // RFC 2045 §6.8
  private static final class Base64 extends TransferDecoder {
    private int bits;
    private int sextets;

    @Override
    public void decode(byte[] bytes, ByteArrayOutputStream out) {
      var decoded = new byte[bytes.length + 3];
      int length = 0;
      for (byte octet : bytes) {
        int value = sextet(octet);
        if (value >= 0) {
          bits = (bits << 6) | value;
          if (++sextets == 4) {
            decoded[length] = (byte) (bits >> 16);
            decoded[length + 1] = (byte) (bits >> 8);
            decoded[length + 2] = (byte) bits;
            length += 3;
            sextets = 0;
          }
        } else if (octet == '=') {
          out.write(decoded, 0, length);
          length = 0;
          end(out);
        }
      }
      out.write(decoded, 0, length);
    }

    /** Also at padding: some mailers concatenate encoded texts. */
    @Override
    public void end(ByteArrayOutputStream out) {
      if (sextets == 3) {
        out.write(bits >> 10);
        out.write(bits >> 2);
      } else if (sextets == 2) {
        out.write(bits >> 4);
      }
      sextets = 0;
    }
  }

  // RFC 2045 §6.7
  private static final class QuotedPrintable extends TransferDecoder {
    /** Most octets of a soft line break, a line's length. */
    private static final int MAX_PADDING = 80;

    /** Instead of an octet: the escape is unusual, or its end has not arrived. */
    private static final int NONE = -1;

    /** Instead of an octet: a soft line break. */
    private static final int LINE_BREAK = 256;

    /** An escape that is unusual, or whose end has not arrived. */
    private final byte[] held = new byte[MAX_PADDING];

    private int length;

    /** White space that is left out if the line ends behind it. */
    private final byte[] blanks = new byte[MAX_PADDING];

    private int blank;

    @Override
    public void decode(byte[] bytes, ByteArrayOutputStream out) {
      var decoded = new byte[blank + length + bytes.length];
      int count = 0;
      int at = 0;
      while (at < bytes.length) {
        byte octet = bytes[at];
        int usual = length == 0 && octet == '=' ? usual(bytes, at) : NONE;
        if (length == 0 && octet != ' ' && octet != '\t') {
          count = blanks(octet == '\r' || octet == '\n', decoded, count);
        }
        if (usual != NONE) {
          decoded[count] = (byte) usual;
          count += usual == LINE_BREAK ? 0 : 1;
          at += 3;
        } else if (length == 0 && (octet == ' ' || octet == '\t')) {
          count = blank == blanks.length ? blanks(false, decoded, count) : count;
          blanks[blank++] = octet;
          at++;
        } else if (length == 0 && octet != '=') {
          decoded[count++] = octet;
          at++;
        } else {
          count = escape(octet, decoded, count);
          at++;
        }
      }
      out.write(decoded, 0, count);
    }

    /**
     * Takes the white space before an octet.
     *
     * @param lineEnds whether it is at the end of its line (RFC 2045 §6.7, rule 3)
     */
    private int blanks(boolean lineEnds, byte[] decoded, int count) {
      int kept = lineEnds ? 0 : blank;
      System.arraycopy(blanks, 0, decoded, count, kept);
      blank = 0;
      return count + kept;
    }

    private static int usual(byte[] bytes, int at) {
      if (bytes.length - at < 3) {
        return NONE;
      }
      if (bytes[at + 1] == '\r' && bytes[at + 2] == '\n') {
        return LINE_BREAK;
      }
      return Math.max(NONE, (digit(bytes[at + 1]) << 4) | digit(bytes[at + 2]));
    }

    /** Takes an octet of an escape; returns how many octets are decoded then. */
    private int escape(byte octet, byte[] decoded, int count) {
      held[length++] = octet;
      if (length == 1) {
        return count;
      }
      boolean space = held[1] == ' ' || held[1] == '\t' || held[1] == '\r';
      if (octet == '\n' && (space || length == 2)) {
        length = 0;
        return count;
      }
      int value = length == 3 ? (digit(held[1]) << 4) | digit(held[2]) : NONE;
      if (value >= 0) {
        length = 0;
        decoded[count] = (byte) value;
        return count + 1;
      }
      boolean padding = space && (octet == ' ' || octet == '\t' || octet == '\r');
      boolean open = length == 2 && digit(octet) >= 0;
      return open || (padding && length < MAX_PADDING) ? count : literally(decoded, count);
    }

    /** What is held is no escape. */
    private int literally(byte[] decoded, int count) {
      System.arraycopy(held, 0, decoded, count, length);
      int after = count + length;
      length = 0;
      return after;
    }

    /** The value of a hexadecimal digit, or -1. */
    private static int digit(byte octet) {
      return DIGITS[octet & 0xFF];
    }

    @Override
    public void end(ByteArrayOutputStream out) {
      out.write(held, 0, length);
      length = 0;
      blank = 0;
    }
  }
}
