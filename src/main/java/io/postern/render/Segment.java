package io.postern.render;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** A run of a rendition's octets. */
public sealed interface Segment {
  /** Octets that were made; never changed. */
  record Made(Buffer octets) implements Segment {
    /** ASCII text, or octets as chars 0 to 255. */
    static Made of(String text) {
      return new Made(Buffer.buffer(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Override
    public long length() {
      return octets.length();
    }
  }

  /**
   * A range of the stored message.
   *
   * @param from the first octet
   * @param to the octet behind the last one
   */
  record Stored(int from, int to) implements Segment {
    @Override
    public long length() {
      return (long) to - from;
    }
  }

  /** How many octets. */
  long length();
}
