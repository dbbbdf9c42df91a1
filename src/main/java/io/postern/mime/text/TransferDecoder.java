package io.postern.mime.text;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.Locale;

/**
 * Decodes a content transfer encoding; the octets arrive cut anywhere (RFC 2045 §6). Invalid
 * encoding is skipped (base64) or kept as it is (quoted-printable). Holds no more than a few octets
 * between two calls.
 */
public abstract sealed class TransferDecoder {
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
    if (octet >= 'A' && octet <= 'Z') {
      return octet - 'A';
    }
    if (octet >= 'a' && octet <= 'z') {
      return octet - 'a' + 26;
    }
    if (octet >= '0' && octet <= '9') {
      return octet - '0' + 52;
    }
    return octet == '+' ? 62 : octet == '/' ? 63 : -1;
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
      for (byte octet : bytes) {
        int value = sextet(octet);
        if (value >= 0) {
          bits = (bits << 6) | value;
          if (++sextets == 4) {
            out.write(bits >> 16);
            out.write(bits >> 8);
            out.write(bits);
            sextets = 0;
          }
        } else if (octet == '=') {
          end(out);
        }
      }
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
      for (byte octet : bytes) {
        if (held.size() == 0 && octet != '=') {
          out.write(octet);
        } else {
          escape(octet, out);
        }
      }
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
