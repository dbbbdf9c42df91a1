package io.postern.mime.text;

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
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  /** The value of each octet as a base64 letter, or -1. */
  private static final byte[] SEXTETS = sextets();

  private TransferDecoder() {}

  /** The decoder of an encoding, compared without case; an unknown one changes nothing. */
  public static TransferDecoder of(String encoding) {
    return switch (encoding.toLowerCase(Locale.ROOT)) {
      case "base64" -> new Base64();
      case "quoted-printable" -> new QuotedPrintable();
      default -> new Identity();
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

  abstract void decode(byte[] bytes, ByteArrayOutputStream out);

  void end(ByteArrayOutputStream out) {}

  /** The value of a base64 letter, six bits (RFC 2045 §6.8), or -1. */
  static int sextet(byte octet) {
    return SEXTETS[octet & 0xFF];
  }

  private static byte[] sextets() {
    var values = new byte[256];
    Arrays.fill(values, (byte) -1);
    for (int value = 0; value < LETTERS.length(); value++) {
      values[LETTERS.charAt(value)] = (byte) value;
    }
    return values;
  }

  private static final class Identity extends TransferDecoder {
    @Override
    void decode(byte[] bytes, ByteArrayOutputStream out) {
      out.write(bytes, 0, bytes.length);
    }
  }

  // RFC 2045 §6.8
  private static final class Base64 extends TransferDecoder {
    private int bits;
    private int sextets;

    @Override
    void decode(byte[] bytes, ByteArrayOutputStream out) {
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
    void end(ByteArrayOutputStream out) {
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
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    @Override
    void decode(byte[] bytes, ByteArrayOutputStream out) {
      int at = 0;
      while (at < bytes.length) {
        int plain = at;
        while (held.size() == 0 && at < bytes.length && bytes[at] != '=') {
          at++;
        }
        out.write(bytes, plain, at - plain);
        int usual = held.size() == 0 ? usual(bytes, at, out) : 0;
        if (usual == 0 && at < bytes.length) {
          escape(bytes[at++], out);
        }
        at += usual;
      }
    }

    /** Decodes a usual escape that is whole; returns its octets, or 0 if it is another one. */
    private static int usual(byte[] bytes, int at, ByteArrayOutputStream out) {
      if (bytes.length - at < 3) {
        return 0;
      }
      int high = Character.digit(bytes[at + 1], 16);
      int low = Character.digit(bytes[at + 2], 16);
      if (high >= 0 && low >= 0) {
        out.write((high << 4) | low);
        return 3;
      }
      return bytes[at + 1] == '\r' && bytes[at + 2] == '\n' ? 3 : 0;
    }

    /** Decodes what begins with an equals sign: a soft line break, or two hexadecimal digits. */
    private void escape(byte octet, ByteArrayOutputStream out) {
      held.write(octet);
      if (held.size() == 1) {
        return;
      }
      var escape = held.toByteArray();
      boolean blank = escape[1] == ' ' || escape[1] == '\t' || escape[1] == '\r';
      if (octet == '\n' && (blank || held.size() == 2)) {
        held.reset();
      } else if (held.size() == 3 && Character.digit(escape[1], 16) >= 0) {
        hexadecimal(escape, out);
      } else if (blank && (octet == ' ' || octet == '\t' || octet == '\r') && held.size() < 80) {
        return; // Padding behind a soft line break, up to a line's length.
      } else if (held.size() > 2 || Character.digit(octet, 16) < 0) {
        end(out);
      }
    }

    private void hexadecimal(byte[] escape, ByteArrayOutputStream out) {
      int low = Character.digit(escape[2], 16);
      if (low >= 0) {
        held.reset();
        out.write((Character.digit(escape[1], 16) << 4) | low);
      } else {
        end(out);
      }
    }

    @Override
    void end(ByteArrayOutputStream out) {
      out.writeBytes(held.toByteArray());
      held.reset();
    }
  }
}
