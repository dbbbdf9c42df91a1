package io.postern.mime.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The collation i;unicode-casemap (RFC 5051): each code point is titlecased, then decomposed
 * (§2.2), and what comes of it is compared. Of letters with marks this leaves the letter and the
 * marks one after the other, however they were written.
 *
 * <p>What becomes of a code point is kept in pages of 256 code points, which are made when they are
 * first asked for, in some 0.1 ms. Usable from any thread: two that make the same page at the same
 * time make equal ones.
 */
public final class UnicodeCasemap {
  /** Instead of a code point: there are several. */
  public static final int SEVERAL = -1;

  private static final int ASCII = 128;
  private static final int PAGE_BITS = 8;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;
  private static final int[] NONE = new int[0];

  private static final AtomicReferenceArray<Page> PAGES =
      new AtomicReferenceArray<>((Character.MAX_CODE_POINT + 1) >>> PAGE_BITS);

  /** A page of which each code point stands for itself. */
  private static final Page UNCHANGED = new Page(NONE, new int[0][]);

  /**
   * What becomes of the code points of a page.
   *
   * @param single of each one code point, or {@link #SEVERAL}; empty when nothing changes
   * @param several of those that become several; empty when there are none
   */
  // Arrays on purpose: lists would cost an object per code point.
  @SuppressWarnings("ArrayRecordComponent")
  private record Page(int[] single, int[][] several) {}

  private UnicodeCasemap() {}

  /** What a text is compared by: octets, unsigned. Texts that are equal have equal keys. */
  public static byte[] key(String text) {
    return ofAscii(text)
        .orElseGet(
            () -> {
              var key = new ByteArrayOutputStream(2 * text.length());
              var octets = ByteBuffer.allocate(Integer.BYTES);
              for (int codePoint : folded(text)) {
                octets.clear();
                FoldedText.encode(codePoint, octets);
                key.write(octets.array(), 0, octets.position());
              }
              return key.toByteArray();
            });
  }

  private static Optional<byte[]> ofAscii(String text) {
    var key = new byte[text.length()];
    for (int at = 0; at < key.length; at++) {
      char c = text.charAt(at);
      if (c >= ASCII) {
        return Optional.empty();
      }
      key[at] = (byte) ofAscii(c);
    }
    return Optional.of(key);
  }

  /** What becomes of a code point of ASCII. */
  public static int ofAscii(int codePoint) {
    return codePoint >= 'a' && codePoint <= 'z' ? codePoint - ('a' - 'A') : codePoint;
  }

  /** What becomes of a text. */
  public static int[] folded(String text) {
    var folded = new int[text.length()];
    int length = 0;
    for (int at = 0; at < text.length(); at = text.offsetByCodePoints(at, 1)) {
      int codePoint = text.codePointAt(at);
      int one = of(codePoint);
      var all = one == SEVERAL ? several(codePoint) : new int[] {one};
      if (length + all.length > folded.length) {
        folded = Arrays.copyOf(folded, 2 * (length + all.length));
      }
      System.arraycopy(all, 0, folded, length, all.length);
      length += all.length;
    }
    return Arrays.copyOf(folded, length);
  }

  /** What becomes of a code point; {@link #SEVERAL} if these are several. */
  public static int of(int codePoint) {
    if (codePoint < ASCII) {
      return ofAscii(codePoint);
    }
    var page = page(codePoint);
    return page.single.length == 0 ? codePoint : page.single[codePoint & (PAGE_SIZE - 1)];
  }

  /** The code points that one becomes that becomes several. */
  public static int[] several(int codePoint) {
    return page(codePoint).several[codePoint & (PAGE_SIZE - 1)];
  }

  private static Page page(int codePoint) {
    int number = codePoint >>> PAGE_BITS;
    var page = PAGES.get(number);
    if (page == null) {
      page = made(number);
      PAGES.set(number, page);
    }
    return page;
  }

  private static Page made(int number) {
    var single = new int[PAGE_SIZE];
    var several = new int[PAGE_SIZE][];
    boolean changed = false;
    for (int i = 0; i < PAGE_SIZE; i++) {
      int codePoint = (number << PAGE_BITS) + i;
      var all = titlecasedAndDecomposed(codePoint);
      single[i] = all.length == 1 ? all[0] : SEVERAL;
      several[i] = all.length == 1 ? NONE : all;
      changed = changed || single[i] != codePoint;
    }
    return changed ? new Page(single, several) : UNCHANGED;
  }

  /** RFC 5051 §2.2 */
  private static int[] titlecasedAndDecomposed(int codePoint) {
    if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
      return new int[] {codePoint};
    }
    var titlecase = Character.toString(Character.toTitleCase(codePoint));
    return Normalizer.normalize(titlecase, Form.NFKD).codePoints().toArray();
  }
}
