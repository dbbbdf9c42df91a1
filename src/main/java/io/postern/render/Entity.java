package io.postern.render;

import io.postern.mime.PartTree;
import java.util.ArrayList;
import java.util.List;

/** A MIME entity of a rendition: the fields that describe its content, and its body. */
sealed interface Entity {
  /** A part of the stored message. */
  record Existing(PartTree part) implements Entity {}

  /**
   * One that was made.
   *
   * @param fields each ended by CRLF
   */
  record Made(String fields, List<Segment> body) implements Entity {
    public Made {
      body = List.copyOf(body);
    }
  }

  /** A text in UTF-8. */
  static Made text(String subtype, String text) {
    var encoded = TextEncoding.of(text);
    return new Made(
        "Content-Type: text/"
            + subtype
            + "; charset=utf-8\r\nContent-Transfer-Encoding: "
            + encoded.encoding()
            + "\r\n",
        List.of(Segment.Made.of(encoded.octets())));
  }

  /** A multipart (RFC 2046 §5.1). */
  static Made multipart(
      String subtype, String boundary, List<? extends Entity> parts, StoredPart message) {
    var body = new ArrayList<Segment>();
    var delimiter = "--" + boundary + "\r\n";
    for (var part : parts) {
      body.add(Segment.Made.of(delimiter));
      body.addAll(part.whole(message));
      delimiter = "\r\n--" + boundary + "\r\n";
    }
    body.add(Segment.Made.of("\r\n--" + boundary + "--\r\n"));
    return new Made(
        "Content-Type: multipart/" + subtype + ";\r\n boundary=\"" + boundary + "\"\r\n", body);
  }

  /** The fields that describe its content. */
  default String fields(StoredPart message) {
    return switch (this) {
      case Existing(var part) -> message.fields(part, StoredPart.OF_CONTENT, true);
      case Made(var fields, _) -> fields;
    };
  }

  /** Its octets behind the header. */
  default List<Segment> body() {
    return switch (this) {
      case Existing(var part) -> List.of(new Segment.Stored(part.bodyStart(), part.end()));
      case Made(_, var body) -> body;
    };
  }

  /** Its octets as a part of a multipart, header included. */
  default List<Segment> whole(StoredPart message) {
    return switch (this) {
      case Existing(var part) -> List.of(new Segment.Stored(part.headerStart(), part.end()));
      case Made(var fields, var body) -> {
        var all = new ArrayList<Segment>();
        all.add(Segment.Made.of(fields + "\r\n"));
        all.addAll(body);
        yield all;
      }
    };
  }
}
