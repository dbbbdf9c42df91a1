package io.postern.mime;

import io.postern.mime.header.HeaderScan;
import io.postern.mime.header.KeptField;
import io.postern.mime.header.MimeHeader;
import io.postern.mime.header.SentDate;
import io.vertx.core.buffer.Buffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds the structure of a message while its octets flow past, cut anywhere. One pass, linear in
 * the octets; the limits below bound its memory for any input. Never fails.
 *
 * <p>Both CRLF and a bare line feed end a line. A delimiter line is compared with the boundaries of
 * all multiparts still open; it ends the open parts inside, incomplete headers included (RFC 2046
 * §5.1.1, §5.1.2).
 */
public final class MessageScanner {
  /** Levels of multiparts and messages that are divided; a deeper one is reported as one leaf. */
  public static final int MAX_NESTING = 50;

  /** Most parts in all; what follows belongs to the last one. */
  public static final int MAX_PARTS = 2_000;

  /** Octets of header fields kept over all parts; later fields are ignored. */
  public static final int MAX_KEPT = 512 * 1024;

  /** Octets of ENVELOPEs over all messages in a message, not counting the last one. */
  public static final int MAX_ENVELOPES = 256 * 1024;

  /** A longer boundary is ignored; RFC 2046 §5.1.1 allows 70. */
  static final int MAX_BOUNDARY = 256;

  private static final int PIECE = 16 * 1024;

  private final ScanPart root = ScanPart.root();
  private final List<ScanPart> open = new ArrayList<>(List.of(root));
  private final Buffer header = Buffer.buffer();

  /** The first octets of the line, if it may be empty or a delimiter. */
  private final byte[] head = new byte[MAX_BOUNDARY + 6];

  private int headLength;
  private HeaderScan fields = new HeaderScan(true, MAX_KEPT);
  private boolean inHeader = true;
  private int parts = 1;
  private int envelopes;
  private int size;
  private int lineStart;
  private int lineFeeds;
  private int lastLineEnd;
  private int bareLineFeeds;
  private boolean nul;
  private byte lastOctet;
  private Optional<LocalDate> sent = Optional.empty();

  /**
   * Scans the next octets. All calls together give at most {@link Integer#MAX_VALUE} octets; the
   * buffer is not kept.
   */
  public void feed(Buffer bytes) {
    for (int from = 0; from < bytes.length(); from += PIECE) {
      scan(bytes.getBytes(from, Math.min(bytes.length(), from + PIECE)));
    }
  }

  /** Ends the message. Called once, after the last octets. */
  public MessageFacts finish() {
    if (size > lineStart) {
      lineOver(false);
    }
    endParts(0, size, 0);
    return new MessageFacts(
        size,
        root.envelope,
        StructureText.body(root),
        StructureText.bodyStructure(root),
        header.getBuffer(0, Math.min(header.length(), root.bodyStart)),
        sent,
        root.tree(),
        octets());
  }

  private OctetFacts octets() {
    boolean open = size > lineStart;
    boolean ended = size == 0 || (!open && lastLineEnd == 2);
    long added = bareLineFeeds + (open ? 2L : 0L);
    return new OctetFacts(ended, OptionalLong.of(size + added), nul);
  }

  /** Scans octets as a client will see them: with 0x80 for NUL. */
  private void scan(byte[] bytes) {
    nul |= OctetFacts.replaceNul(bytes);
    if (root == open.getLast() && inHeader && header.length() < MessageFacts.MAX_HEADER) {
      int room = MessageFacts.MAX_HEADER - header.length();
      header.appendBytes(bytes, 0, Math.min(room, bytes.length));
    }
    int at = 0;
    while (at < bytes.length) {
      int to = lineEnd(bytes, at);
      boolean ends = bytes[to - 1] == '\n';
      if (inHeader) {
        fields.octets(bytes, at, to);
      }
      noteHead(bytes, at, to);
      byte before = to - at > 1 ? bytes[to - 2] : lastOctet;
      size += to - at;
      lastOctet = bytes[to - 1];
      if (ends) {
        bareLineFeeds += before == '\r' ? 0 : 1;
        lineOver(true);
        lastLineEnd = before == '\r' && size - lineStart > 1 ? 2 : 1;
        lineStart = size;
      }
      at = to;
    }
  }

  private static int lineEnd(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length && bytes[at] != '\n') {
      at++;
    }
    return Math.min(bytes.length, at + 1);
  }

  private void noteHead(byte[] bytes, int from, int to) {
    int offset = size - lineStart;
    boolean continuesHead =
        offset == 0 ? "-\r\n".indexOf(bytes[from]) >= 0 : headLength == offset && offset > 0;
    if (continuesHead) {
      int length = Math.min(to - from, head.length - headLength);
      System.arraycopy(bytes, from, head, headLength, length);
      headLength += length;
    }
  }

  private void lineOver(boolean withLineFeed) {
    boolean delimits = headLength > 2 && head[0] == '-' && head[1] == '-' && delimiter();
    int length = headLength;
    headLength = 0;
    if (withLineFeed) {
      lineFeeds++;
    }
    if (delimits || !inHeader) {
      return;
    }
    fields.lineEnd();
    boolean empty = length == 1 || (length == 2 && head[0] == '\r');
    if (empty && withLineFeed) {
      endHeader(size - length, size, true);
    }
  }

  /** Whether the line is the delimiter of an open multipart; if so, ends or begins parts. */
  private boolean delimiter() {
    int to = headLength;
    while (to > 2 && head[to - 1] <= ' ' && head[to - 1] >= 0) {
      to--;
    }
    int found = -1;
    int longest = 0;
    for (int level = open.size() - 1; level >= 0; level--) {
      int length = open.get(level).boundaryIn(head, 2, to);
      if (length > longest) {
        found = level;
        longest = length;
        int rest = to - 2 - length;
        if (rest == 0 || (rest == 2 && closes(2 + length, to))) {
          break; // The innermost boundary that matches in full fits best.
        }
      }
    }
    if (found < 0) {
      return false;
    }
    return closes(2 + longest, to) ? close(found) : next(found);
  }

  private boolean closes(int at, int to) {
    return to - at >= 2 && head[at] == '-' && head[at + 1] == '-';
  }

  private boolean close(int level) {
    endInner(level);
    open.get(level).closed();
    return true;
  }

  private boolean next(int level) {
    if (parts >= MAX_PARTS) {
      return false;
    }
    endInner(level);
    begin(open.get(level), size);
    return true;
  }

  /** RFC 2046 §5.1.1: the line end before a delimiter belongs to it. */
  private void endInner(int level) {
    endParts(level + 1, lineStart - lastLineEnd, lastLineEnd == 0 ? 0 : 1);
  }

  /**
   * Ends the parts from this level on.
   *
   * @param end where their octets end, their headers aside
   * @param over line feeds seen behind that end
   */
  private void endParts(int level, int end, int over) {
    if (inHeader && open.size() > level) {
      int at = over == 0 ? size : lineStart;
      endHeader(at, at, false);
    }
    int last = end;
    while (open.size() > level) {
      var part = open.removeLast();
      boolean cut = part.bodyStart <= last;
      part.yieldTo(last);
      last = Math.max(last, part.bodyStart);
      part.endAt(last, lineFeeds - (cut && last == end ? over : 0));
    }
  }

  private void begin(ScanPart parent, int headerStart) {
    open.add(parent.child(headerStart));
    parts++;
    fields = new HeaderScan(!parent.header.isMultipart(), fields.room());
    inHeader = true;
  }

  private void endHeader(int fieldsEnd, int bodyStart, boolean divide) {
    var part = open.getLast();
    inHeader = false;
    part.fieldsEnd = fieldsEnd;
    part.bodyStart = bodyStart;
    part.lines = -lineFeeds;
    part.header = MimeHeader.of(fields, part.inDigest);
    if (part.message) {
      boolean included = envelopes < MAX_ENVELOPES;
      part.envelope = included ? Envelope.of(fields).wire() : Envelope.omitted();
      envelopes += part.envelope.length();
    }
    if (part == root) {
      sent = fields.value(KeptField.DATE).flatMap(SentDate::parse);
    }
    boolean divisible = divide && part.depth < MAX_NESTING;
    if (part.header.isMultipart()) {
      part.divideBy(divisible ? part.boundaryParameter(MAX_BOUNDARY) : new byte[0]);
    } else if (part.header.isPlainMessage() && divisible && parts < MAX_PARTS) {
      begin(part, bodyStart);
    } else if (part.header.is("message", "rfc822")) {
      part.header = part.header.asLeaf();
    }
  }
}
