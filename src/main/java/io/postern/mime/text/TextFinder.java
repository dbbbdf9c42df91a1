package io.postern.mime.text;

import io.postern.mime.PartTree;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;

/**
 * Looks for a text in the body of one part, decoded, whatever its case (RFC 3501 §6.4.4: BODY,
 * TEXT). The part's stored octets are fed in order, in any cuts.
 */
public final class TextFinder implements Finder {
  private static final int PIECE = 16 * 1024;

  private final TextMatcher matcher;
  private final TransferDecoder transfer;
  private final CharsetDecoding chars;
  private final ByteArrayOutputStream decoded = new ByteArrayOutputStream();

  /**
   * Begins at a part's first body octet.
   *
   * @param part says the transfer encoding and the charset; an unknown charset is read as
   *     ISO-8859-1
   * @param text looked for; empty text is found at once
   */
  public TextFinder(PartTree part, String text) {
    this.matcher = new TextMatcher(text);
    this.transfer = TransferDecoder.of(part.encoding());
    this.chars = new CharsetDecoding(Charsets.ofPart(part.charset()), matcher::accept);
  }

  @Override
  public void feed(Buffer bytes) {
    for (int from = 0; from < bytes.length() && !found(); from += PIECE) {
      transfer.decode(bytes.getBytes(from, Math.min(bytes.length(), from + PIECE)), decoded);
      decode();
    }
  }

  @Override
  public void finish() {
    transfer.end(decoded);
    decode();
    chars.end();
  }

  @Override
  public boolean found() {
    return matcher.found();
  }

  private void decode() {
    chars.feed(decoded.toByteArray());
    decoded.reset();
  }
}
