package io.postern.mime.text;

import io.postern.mime.PartTree;
import io.postern.mime.decoding.CharsetDecoding;
import io.postern.mime.decoding.Charsets;
import io.postern.mime.decoding.TransferDecoder;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.CharBuffer;
import java.util.Optional;

/**
 * Searches the decoded body of one part (RFC 3501 §6.4.4: BODY, TEXT). What begins like a message,
 * as parts of type message do, is searched as a header, too, up to its first empty line: this finds
 * folded lines and encoded words.
 */
public final class BodySearch implements RangeSearch {
  private final Optional<TextScan> scan;
  private final Optional<HeaderSearch> header;
  private final TransferDecoder transfer;
  private final CharsetDecoding chars;
  private final ByteArrayOutputStream decoded = new ByteArrayOutputStream();

  /**
   * A search that begins at a part's first body octet.
   *
   * @param part has the transfer encoding and the charset; an unknown charset is read as ISO-8859-1
   * @param scan for the decoded text
   * @param header for the header that the body begins with
   */
  public BodySearch(PartTree part, Optional<TextScan> scan, Optional<HeaderSearch> header) {
    this.scan = scan;
    this.header = header;
    this.transfer = TransferDecoder.of(part.encoding());
    this.chars = new CharsetDecoding(Charsets.ofPart(part.charset()), this::match);
    scan.ifPresent(TextScan::begin);
  }

  @Override
  public void feed(Buffer bytes) {
    transfer.decode(bytes.getBytes(), decoded);
    decode();
  }

  @Override
  public void finish() {
    transfer.end(decoded);
    decode();
    chars.end();
    scan.ifPresent(TextScan::end);
    header.ifPresent(HeaderSearch::finish);
  }

  private void decode() {
    var octets = decoded.toByteArray();
    decoded.reset();
    chars.feed(octets);
    header.ifPresent(search -> search.feed(Buffer.buffer(octets)));
  }

  private void match(CharBuffer out) {
    int start = out.arrayOffset() + out.position();
    int end = start + out.remaining();
    scan.ifPresent(s -> s.accept(out.array(), start, end));
    out.position(out.limit());
  }

  @Override
  public boolean pending() {
    return header.filter(HeaderSearch::pending).isPresent();
  }

  @Override
  public void advance() {
    header.ifPresent(HeaderSearch::advance);
  }
}
