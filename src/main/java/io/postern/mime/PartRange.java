package io.postern.mime;

import java.util.List;
import java.util.Optional;

/**
 * The range of octets of a section (RFC 3501 §6.4.5), counted from the message's first octet.
 *
 * @param start the first octet
 * @param end the octet behind the last one
 */
public record PartRange(int start, int end) {
  /** The section of a message or part. */
  public enum Of {
    /** {@code BODY[]} and {@code BODY[1.2]}. */
    WHOLE,
    /** {@code HEADER}, and the source of HEADER.FIELDS and HEADER.FIELDS.NOT. */
    HEADER,
    /** {@code TEXT}. */
    TEXT,
    /** {@code MIME}. */
    MIME
  }

  /** A node, and whether it stands for a message with a header or for a part's content. */
  private record Position(PartTree node, boolean isMessage) {}

  /** Number of octets. */
  public int length() {
    return end - start;
  }

  /**
   * Finds the range of a section.
   *
   * @param root the message
   * @param numbers the part numbers from the outermost on, none for the message itself
   * @param of which section of it
   * @return empty when the message has no such section
   */
  public static Optional<PartRange> find(PartTree root, List<Integer> numbers, Of of) {
    if (numbers.isEmpty()) {
      return ofMessage(root, of);
    }
    return position(root, numbers)
        .flatMap(p -> p.isMessage() ? ofMessage(p.node(), of) : ofPart(p.node(), of));
  }

  /** The part of these numbers, at least one; empty when the message has none (BODY[1.2]). */
  public static Optional<PartTree> part(PartTree root, List<Integer> numbers) {
    return position(root, numbers).map(Position::node);
  }

  private static Optional<Position> position(PartTree root, List<Integer> numbers) {
    var place = Optional.of(new Position(root, true));
    for (var number : numbers) {
      place = place.flatMap(p -> step(p, number));
    }
    return place;
  }

  private static Optional<Position> step(Position place, int number) {
    var node = place.node();
    if (node.isMultipart()) {
      boolean there = number >= 1 && number <= node.children().size();
      return there
          ? Optional.of(new Position(node.children().get(number - 1), false))
          : Optional.empty();
    }
    if (place.isMessage()) { // RFC 3501 §6.4.5: every message has at least one part number
      return number == 1 ? Optional.of(new Position(node, false)) : Optional.empty();
    }
    return node.isMessage()
        ? step(new Position(node.children().getFirst(), true), number)
        : Optional.empty();
  }

  private static Optional<PartRange> ofMessage(PartTree message, Of of) {
    return switch (of) {
      case WHOLE -> Optional.of(new PartRange(message.headerStart(), message.end()));
      case HEADER -> Optional.of(new PartRange(message.headerStart(), message.bodyStart()));
      case TEXT -> Optional.of(new PartRange(message.bodyStart(), message.end()));
      case MIME -> Optional.empty(); // RFC 3501 §6.4.5: MIME must be prefixed by part numbers
    };
  }

  private static Optional<PartRange> ofPart(PartTree part, Of of) {
    return switch (of) {
      case WHOLE -> Optional.of(new PartRange(part.bodyStart(), part.end()));
      case MIME -> Optional.of(new PartRange(part.headerStart(), part.bodyStart()));
      case HEADER, TEXT -> // RFC 3501 §6.4.5: the numbers must lead to a message/rfc822
          part.isMessage() ? ofMessage(part.children().getFirst(), of) : Optional.empty();
    };
  }
}
