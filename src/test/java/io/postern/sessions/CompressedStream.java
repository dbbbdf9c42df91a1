package io.postern.sessions;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The client's side of RFC 4978's compression. */
final class CompressedStream extends InputStream {
  private final InputStream compressed;
  private final Inflater inflater = new Inflater(true);
  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final byte[] arrived = new byte[4096];
  private final byte[] octets = new byte[4096];
  private int at;
  private int length;
  private int arrivedLength;

  /** Octets behind the end of the compressed stream that were read. */
  private int passed;

  CompressedStream(InputStream compressed) {
    this.compressed = compressed;
  }

  /** The compressed form of what is sent next, with a flush behind it. */
  byte[] encode(byte[] plain) {
    deflater.setInput(plain);
    return drain(Deflater.SYNC_FLUSH);
  }

  /** The end of what is sent compressed. */
  byte[] finish() {
    deflater.finish();
    return drain(Deflater.NO_FLUSH);
  }

  private byte[] drain(int flush) {
    var out = new ByteArrayOutputStream();
    var piece = new byte[1024];
    int count;
    do {
      count = deflater.deflate(piece, 0, piece.length, flush);
      out.write(piece, 0, count);
    } while (count == piece.length);
    return out.toByteArray();
  }

  @Override
  public int read() throws IOException {
    while (available() == 0) {
      if (inflater.finished()) {
        return plain();
      }
      arrivedLength = compressed.read(arrived);
      if (arrivedLength < 0) {
        throw new IOException("the compressed stream has no end");
      }
      inflater.setInput(arrived, 0, arrivedLength);
    }
    return octets[at++] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int most) throws IOException {
    int count = 0;
    int octet = most == 0 ? -1 : read();
    while (octet >= 0) {
      into[offset + count++] = (byte) octet;
      octet = count < most && available() > 0 ? read() : -1;
    }
    return count == 0 && most > 0 ? -1 : count;
  }

  /** The next octet behind the end of the compressed stream. */
  private int plain() throws IOException {
    int remaining = inflater.getRemaining() - passed;
    return remaining > 0
        ? arrived[arrivedLength - inflater.getRemaining() + passed++] & 0xFF
        : compressed.read();
  }

  @Override
  public int available() throws IOException {
    if (at == length) {
      at = 0;
      try {
        length = inflater.inflate(octets);
      } catch (DataFormatException e) {
        throw new IOException(e);
      }
    }
    return length - at;
  }
}
