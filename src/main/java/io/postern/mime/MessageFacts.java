package io.postern.mime;

import io.vertx.core.buffer.Buffer;
import java.time.LocalDate;
import java.util.Optional;

/**
 * The facts that are computed of a message once, at delivery, and stored with its content.
 *
 * @param size octets of the message
 * @param envelope the wire form of ENVELOPE (RFC 3501 §7.4.2), parentheses included
 * @param body the wire form of BODY
 * @param bodyStructure the wire form of BODYSTRUCTURE
 * @param header the message's header with its empty line, if it has one, as a client is shown it;
 *     at most {@link #MAX_HEADER} octets are kept, a longer one is read from the bytes
 * @param sent the day of the Date header in its own zone, when it can be parsed
 * @param parts structure and ranges
 * @param octets facts about its octets
 */
public record MessageFacts(
    int size,
    Buffer envelope,
    Buffer body,
    Buffer bodyStructure,
    Buffer header,
    Optional<LocalDate> sent,
    PartTree parts,
    OctetFacts octets) {
  /** Most octets of a header that is stored with the facts. */
  public static final int MAX_HEADER = 64 * 1024;

  /** Octets that they hold in memory: the texts that are kept, and the tree of parts. */
  public long held() {
    long texts = (long) envelope.length() + body.length() + bodyStructure.length();
    long tree = (long) PartTreeCodec.HELD * PartTreeCodec.length(parts);
    return texts + header.length() + tree;
  }

  /**
   * The facts of the same message with lines added before it.
   *
   * @param lines header fields that neither ENVELOPE nor BODYSTRUCTURE shows, each ended by CRLF
   */
  public MessageFacts behind(Buffer lines) {
    var all = Buffer.buffer(lines.length() + header.length()).appendBuffer(lines);
    all.appendBuffer(header);
    return new MessageFacts(
        size + lines.length(),
        envelope,
        body,
        bodyStructure,
        all.slice(0, Math.min(all.length(), MAX_HEADER)),
        sent,
        parts.behind(lines.length()),
        octets.behind(lines.length()));
  }

  /** Whether {@link #header} is the whole header. */
  public boolean headerIsWhole() {
    return header.length() == parts.bodyStart();
  }
}
