package io.postern.mime.search;

import io.postern.mime.text.FoldedText;
import io.postern.mime.text.TextScan;
import io.postern.mime.text.UnicodeCasemap;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The trigrams of texts: all runs of three code points, as bits of their hashes (Bloom, "Space/time
 * trade-offs in hash coding with allowable errors", 1970, with one hash). A text that contains
 * another one has all of its trigrams; so one of these that has no bit excludes it. Not
 * thread-safe.
 *
 * <p>A signature has a power of two bits, some 4 to 8 a trigram. The bit of a trigram is its hash
 * modulo that number, so that halves of the set can be laid over each other to make it smaller.
 */
final class TrigramSet {
  /** Most octets of a signature. */
  static final int MAX_OCTETS = 8 * 1024;

  /** Least octets of a signature. */
  private static final int MIN_OCTETS = 32;

  /** One bit in so many is set, at most. */
  private static final int SPARSE = 4;

  private final long[] bits = new long[MAX_OCTETS / Long.BYTES];

  /** Adds the trigrams of the texts that it receives; several may be fed side by side. */
  TextScan scan() {
    return new FoldedText(new Window());
  }

  /** The last code points of one text. */
  private final class Window implements FoldedText.Sink {
    private int before;
    private int last;
    private int length;

    @Override
    public void begin() {
      length = 0;
    }

    @Override
    public void accept(int codePoint) {
      if (++length >= 3) {
        int hash = hash(before, last, codePoint);
        bits[hash >>> 6] |= 1L << hash;
      }
      before = last;
      last = codePoint;
    }
  }

  private static int hash(int first, int second, int third) {
    int hash = first * 0x9E3779B1 + second * 0x85EBCA6B + third * 0xC2B2AE35;
    hash = (hash ^ (hash >>> 15)) * 0x2C1B3C6D;
    return (hash ^ (hash >>> 13)) & (MAX_OCTETS * Byte.SIZE - 1);
  }

  /** The hashes of a text's trigrams; none if it has fewer than three code points. */
  static int[] of(String text) {
    var codePoints = UnicodeCasemap.folded(text);
    var hashes = new int[Math.max(0, codePoints.length - 2)];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = hash(codePoints[i], codePoints[i + 1], codePoints[i + 2]);
    }
    return hashes;
  }

  /** The signature; empty when so many bits are set that it would exclude little. */
  Optional<ByteBuffer> signature() {
    int count = bits.length;
    if (bitsSet(count) > MAX_OCTETS * Byte.SIZE / 2) {
      return Optional.empty();
    }
    while (count * Long.BYTES > MIN_OCTETS
        && bitsSet(count / 2) <= count / 2 * Long.SIZE / SPARSE) {
      count /= 2;
      for (int i = 0; i < count; i++) {
        bits[i] |= bits[count + i];
      }
    }
    var signature = ByteBuffer.allocate(count * Long.BYTES);
    for (int i = 0; i < count; i++) {
      signature.putLong(Long.reverseBytes(bits[i]));
    }
    return Optional.of(signature.flip());
  }

  /** How many bits are set when all of these words are laid over the first ones. */
  private int bitsSet(int words) {
    int set = 0;
    for (int i = 0; i < words; i++) {
      set += Long.bitCount(words == bits.length ? bits[i] : bits[i] | bits[words + i]);
    }
    return set;
  }

  /** Whether a text with this signature may have all of these trigrams. */
  static boolean mayHave(ByteBuffer signature, int[] hashes) {
    int first = signature.position();
    int mask = signature.remaining() * Byte.SIZE - 1;
    for (int hash : hashes) {
      int bit = hash & mask;
      if (((signature.get(first + (bit >>> 3)) >>> (bit & 7)) & 1) == 0) {
        return false;
      }
    }
    return true;
  }
}
