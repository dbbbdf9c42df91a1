package io.postern.mime.decoding;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * The charset UTF-7 (RFC 2152), which the JDK lacks; it can only decode. An octet above 127 is
 * malformed; a plus sign with nothing encoded behind it stands for itself.
 */
public final class Utf7 extends Charset {
  /** The charset, whatever its name. */
  public static final Utf7 INSTANCE = new Utf7();

  private Utf7() {
    super(
        "UTF-7",
        new String[] {
          "utf7",
          "csUTF7",
          "x-utf-7",
          "unicode-1-1-utf-7",
          "csUnicode11UTF7",
          "unicode-2-0-utf-7",
          "x-unicode-2-0-utf-7"
        });
  }

  @Override
  public boolean contains(Charset other) {
    return other.equals(this) || other.equals(StandardCharsets.US_ASCII);
  }

  @Override
  public CharsetDecoder newDecoder() {
    return new Decoder(this);
  }

  @Override
  public boolean canEncode() {
    return false;
  }

  @Override
  public CharsetEncoder newEncoder() {
    throw new UnsupportedOperationException("UTF-7 can only be decoded");
  }

  private static final class Decoder extends CharsetDecoder {
    private enum Mode {
      DIRECT,
      /** Directly behind the plus sign. */
      SHIFTED,
      BASE64
    }

    private Mode mode = Mode.DIRECT;
    private int bits;
    private int count;

    Decoder(Charset charset) {
      super(charset, 1, 1);
    }

    @Override
    protected void implReset() {
      mode = Mode.DIRECT;
      bits = 0;
      count = 0;
    }

    @Override
    protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
      while (in.hasRemaining()) {
        int octet = in.get(in.position());
        if (octet < 0) {
          return CoderResult.malformedForLength(1);
        }
        if (!out.hasRemaining()) {
          return CoderResult.OVERFLOW;
        }
        if (mode == Mode.DIRECT) {
          direct(octet, out);
          in.get();
        } else if (encoded(octet, out)) {
          in.get();
        }
      }
      return CoderResult.UNDERFLOW;
    }

    private void direct(int octet, CharBuffer out) {
      if (octet == '+') {
        mode = Mode.SHIFTED;
        bits = 0;
        count = 0;
      } else {
        out.put((char) octet);
      }
    }

    /** Whether the octet belongs to the encoded run; otherwise it is read again as direct. */
    private boolean encoded(int octet, CharBuffer out) {
      int sextet = TransferDecoder.sextet((byte) octet);
      if (sextet < 0) {
        boolean empty = mode == Mode.SHIFTED;
        mode = Mode.DIRECT; // Bits left over are padding.
        if (empty) {
          out.put('+');
        }
        return octet == '-';
      }
      mode = Mode.BASE64;
      bits = (bits << 6) | sextet;
      count += 6;
      if (count >= 16) {
        count -= 16;
        out.put((char) (bits >> count));
        bits &= (1 << count) - 1;
      }
      return true;
    }

    @Override
    protected CoderResult implFlush(CharBuffer out) {
      if (mode == Mode.SHIFTED) {
        if (!out.hasRemaining()) {
          return CoderResult.OVERFLOW;
        }
        mode = Mode.DIRECT;
        out.put('+');
      }
      return CoderResult.UNDERFLOW;
    }
  }
}
