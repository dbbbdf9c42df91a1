package io.postern.render;

import io.postern.mime.PartTree;
import io.postern.model.MimeFormat;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Renders messages. Immutable, for all threads; a call takes some milliseconds, and so does not
 * belong on an event loop.
 */
public final class Renderer {
  /** Octets of a message that are examined, from the first one; its body must lie within. */
  public static final int MAX_FRONT = 2 * 1024 * 1024;

  /** Most octets of a message that is rendered. */
  public static final int MAX_SIZE = 64 * 1024 * 1024;

  /** RFC 8098 §2.1, and the fields of older mailers. */
  private static final List<String> RECEIPTS =
      List.of("disposition-notification-to", "return-receipt-to", "x-confirm-reading-to");

  private static final String CORRELATOR = "X-MS-TNEF-Correlator";

  /** Hexadecimal digits of a hash: 96 bits. */
  private static final int HASH = 24;

  private final RenderOptions options;

  public Renderer(RenderOptions options) {
    this.options = options;
  }

  /**
   * Whether a message is shown as stored, whatever its octets are. Other messages may be, too.
   *
   * @param message its structure
   */
  public boolean keeps(PartTree message) {
    return options.showsStored()
        || message.end() > MAX_SIZE
        || message.bodyStart() > MAX_FRONT
        || (!options.suppressReadReceipt() && body(message, _ -> false).isEmpty());
  }

  /**
   * Renders a message.
   *
   * @param message its structure
   * @param front its octets as they are stored, from the first one; all, or {@link #MAX_FRONT}
   * @param id of the message, for a link to it; ASCII, as it stands in a URL
   * @return the octets to show, in order; empty when the message is shown as stored
   */
  public Optional<List<Segment>> render(PartTree message, Buffer front, String id) {
    if (keeps(message) || message.bodyStart() > front.length()) {
      return Optional.empty();
    }
    var stored = new StoredPart(front);
    var edit =
        body(message, stored::isAttachment)
            .filter(body -> stored.has(body.node()))
            .flatMap(
                body -> new BodyRendering(options, stored, message, body, id, hash(front)).edit());
    boolean asksForReceipt =
        options.suppressReadReceipt() && !stored.fields(message, RECEIPTS, true).isEmpty();
    if (edit.isEmpty() && !asksForReceipt) {
      return Optional.empty();
    }
    return Optional.of(
        edit.map(it -> edited(message, stored, it)).orElseGet(() -> header(message, stored)));
  }

  private Optional<MessageBody> body(PartTree message, Predicate<PartTree> isAttachment) {
    boolean changes =
        options.format() != MimeFormat.BEST_BODY_FORMAT || options.calendarLink().isPresent();
    return changes ? MessageBody.find(message, isAttachment) : Optional.empty();
  }

  private static String hash(Buffer octets) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(octets.getBytes());
      return HexFormat.of().formatHex(digest).substring(0, HASH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The message with another header alone. */
  private List<Segment> header(PartTree message, StoredPart stored) {
    return List.of(
        Segment.Made.of(stored.fields(message, hidden(), false) + "\r\n"),
        new Segment.Stored(message.bodyStart(), message.end()));
  }

  private List<String> hidden() {
    return options.suppressReadReceipt() ? RECEIPTS : List.of();
  }

  private List<Segment> edited(PartTree message, StoredPart stored, BodyRendering.Edit edit) {
    var node = edit.node();
    boolean whole = node.equals(message);
    var dropped = new ArrayList<>(hidden());
    if (whole) {
      dropped.addAll(StoredPart.OF_CONTENT);
    }
    edit.correlator().ifPresent(_ -> dropped.add(CORRELATOR));
    var fields = new StringBuilder(stored.fields(message, dropped, false));
    edit.correlator()
        .ifPresent(it -> fields.append(CORRELATOR).append(": ").append(it).append("\r\n"));
    if (stored.fields(message, List.of("mime-version"), true).isEmpty()) {
      fields.append("MIME-Version: 1.0\r\n");
    }
    var segments = new ArrayList<Segment>();
    if (!whole) {
      segments.add(Segment.Made.of(fields + "\r\n"));
      segments.add(new Segment.Stored(message.bodyStart(), node.headerStart()));
      fields.setLength(0);
      fields.append(stored.fields(node, StoredPart.OF_CONTENT, false));
    }
    fields.append(edit.entity().fields(stored)).append("\r\n");
    segments.add(Segment.Made.of(fields.toString()));
    segments.addAll(edit.entity().body());
    segments.add(new Segment.Stored(node.end(), message.end()));
    return segments.stream().filter(it -> it.length() > 0).toList();
  }
}
