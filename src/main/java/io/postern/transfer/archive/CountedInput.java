package io.postern.transfer.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** Reads a file octet by octet, buffered, and counts. */
final class CountedInput extends InputStream implements Closeable {
  private final InputStream in;
  private final long length;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;
  private long count;

  /**
   * @param length octets of the file, as far as known
   */
  CountedInput(InputStream in, long length) {
    this.in = in;
    this.length = length;
  }

  @Override
  public int read() throws IOException {
    if (at == end && !fill()) {
      return -1;
    }
    count++;
    return buffer[at++] & 0xFF;
  }

  @Override
  public int read(byte[] octets, int from, int most) throws IOException {
    if (most == 0) {
      return 0;
    }
    if (at == end && !fill()) {
      return -1;
    }
    int taken = Math.min(most, end - at);
    System.arraycopy(buffer, at, octets, from, taken);
    at += taken;
    count += taken;
    return taken;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    return end > 0;
  }

  /** How much of the file was read, 0 to 1. */
  double fraction() {
    return length <= 0 ? 1 : Math.min(1, (double) count / length);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
