package io.postern.render;

import io.postern.mime.PartTree;
import io.postern.mime.decoding.CharsetDecoding;
import io.postern.mime.decoding.Charsets;
import io.postern.mime.decoding.TransferDecoder;
import io.postern.mime.header.HeaderScan;
import io.postern.mime.header.HeaderSubset;
import io.postern.mime.header.KeptField;
import io.postern.mime.header.MimeValue;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The first octets of a stored message, and what parts within them say. */
final class StoredPart {
  /** The fields that describe a part's content; they are replaced with it. */
  static final List<String> OF_CONTENT =
      List.of(
          "content-type",
          "content-transfer-encoding",
          "content-disposition",
          "content-id",
          "content-description",
          "content-language",
          "content-location",
          "content-base",
          "content-md5",
          "content-length",
          "lines");

  private final Buffer front;

  /**
   * @param front the message from its first octet on
   */
  StoredPart(Buffer front) {
    this.front = front;
  }

  /** Whether all of a part is among the octets. */
  boolean has(PartTree part) {
    return part.end() <= front.length();
  }

  /** Whether a part has the disposition of an attachment (RFC 2183 §2.2). */
  boolean isAttachment(PartTree part) {
    return value(part, KeptField.CONTENT_DISPOSITION)
        .map(value -> MimeValue.parse(value).value())
        .filter(value -> value.equalsIgnoreCase("attachment"))
        .isPresent();
  }

  /** The first value of a field of a part's header. */
  Optional<String> value(PartTree part, KeptField field) {
    int from = Math.min(part.headerStart(), front.length());
    var header = front.getBytes(from, Math.min(part.bodyStart(), front.length()));
    var scan = new HeaderScan(true, HeaderScan.MAX_FIELD);
    int at = 0;
    while (at < header.length) {
      int to = at;
      while (to < header.length && header[to] != '\n') {
        to++;
      }
      to = Math.min(header.length, to + 1);
      scan.octets(header, at, to);
      scan.lineEnd();
      at = to;
    }
    return scan.value(field);
  }

  /**
   * Some fields of a part's header as they are stored, each line ended, without the empty line.
   *
   * @param named true for the fields of these names, false for all others
   */
  String fields(PartTree part, List<String> names, boolean named) {
    var header = front.slice(part.headerStart(), part.bodyStart());
    var fields = HeaderSubset.of(header, names, named).toString(StandardCharsets.ISO_8859_1);
    if (fields.equals("\n") || fields.equals("\r\n")) {
      return "";
    }
    if (fields.endsWith("\n\r\n")) {
      return fields.substring(0, fields.length() - 2);
    }
    if (fields.endsWith("\n\n")) {
      return fields.substring(0, fields.length() - 1);
    }
    return fields.isEmpty() || fields.endsWith("\n") ? fields : fields + "\r\n";
  }

  /** The text of a part, decoded; its lines end with a line feed. */
  String text(PartTree part) {
    var decoded = new ByteArrayOutputStream();
    var decoder = TransferDecoder.of(part.encoding());
    decoder.decode(front.getBytes(part.bodyStart(), part.end()), decoded);
    decoder.end(decoded);
    var text = CharsetDecoding.text(decoded.toByteArray(), Charsets.ofPart(part.charset()));
    return text.replace("\r\n", "\n").replace('\r', '\n').replace('\u0000', '\uFFFD');
  }

  /** The octets. */
  Buffer front() {
    return front;
  }
}
