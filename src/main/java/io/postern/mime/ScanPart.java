package io.postern.mime;

import io.postern.mime.header.MimeHeader;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A part during the scan. Offsets count from the message's first octet. */
final class ScanPart {
  private static final byte[] NO_BOUNDARY = {};

  final int depth;
  int headerStart;

  /** Whether a message begins here: the root, or the content of a message/rfc822 part. */
  final boolean message;

  final boolean inDigest;
  final List<ScanPart> children = new ArrayList<>();
  MimeHeader header = MimeHeader.NONE;
  Buffer envelope = Buffer.buffer();

  /** Where its fields end: at the empty line behind them, or at the body if there is none. */
  int fieldsEnd;

  int bodyStart;
  int end;

  /** Line feeds in the body; until the part ends, those before the body, negated. */
  int lines;

  private byte[] boundary = NO_BOUNDARY;

  private ScanPart(int headerStart, int depth, boolean message, boolean inDigest) {
    this.depth = depth;
    this.headerStart = headerStart;
    this.message = message;
    this.inDigest = inDigest;
  }

  static ScanPart root() {
    return new ScanPart(0, 0, true, false);
  }

  /** Begins the next part of a multipart, or the message in a message/rfc822. */
  ScanPart child(int headerStart) {
    boolean inner = !header.isMultipart();
    var child =
        new ScanPart(headerStart, depth + 1, inner, !inner && header.is("multipart", "digest"));
    children.add(child);
    return child;
  }

  /** Divides the body into parts by this delimiter from now on. */
  void divideBy(byte[] delimiter) {
    boundary = delimiter;
  }

  /** Its closing delimiter was seen: no further parts follow. */
  void closed() {
    boundary = NO_BOUNDARY;
  }

  /** Length of its boundary if the text begins with it, else -1. */
  int boundaryIn(byte[] text, int from, int to) {
    int length = boundary.length;
    if (length == 0 || to - from < length) {
      return -1;
    }
    for (int i = 0; i < length; i++) {
      if (text[from + i] != boundary[i]) {
        return -1;
      }
    }
    return length;
  }

  /**
   * RFC 2046 §5.1.1: the line end before a delimiter belongs to the delimiter, so an empty line
   * that stands right before it is none of the header's.
   *
   * @param end where the delimiter begins, with that line end
   */
  void yieldTo(int end) {
    if (message && headerStart == fieldsEnd) { // The empty line belongs to the enclosing part.
      headerStart = Math.min(headerStart, end);
      fieldsEnd = headerStart;
    }
    bodyStart = Math.min(bodyStart, Math.max(end, fieldsEnd));
  }

  void endAt(int end, int lineFeeds) {
    this.end = end;
    lines += lineFeeds;
    if (header.isMultipart() && children.isEmpty()) {
      undivided();
    }
  }

  /** RFC 3501 §9: a multipart has a part. An undivided one shows its body as that part. */
  private void undivided() {
    var whole = child(bodyStart);
    whole.fieldsEnd = bodyStart;
    whole.bodyStart = bodyStart;
    whole.end = end;
    whole.lines = lines;
  }

  PartTree tree() {
    return new PartTree(
        header.type().toLowerCase(Locale.ROOT),
        header.subtype().toLowerCase(Locale.ROOT),
        header.encoding().toLowerCase(Locale.ROOT),
        header.parameter("charset"),
        headerStart,
        bodyStart,
        end,
        children.stream().map(ScanPart::tree).toList());
  }

  /** The boundary parameter as octets; empty when it is absent or longer than this. */
  byte[] boundaryParameter(int max) {
    var text = header.parameter("boundary").stripTrailing();
    return text.length() > max ? NO_BOUNDARY : text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
