package io.postern.mime.search;

import io.postern.mime.PartRange;
import io.postern.mime.PartTree;
import java.util.ArrayList;
import java.util.List;

/**
 * A range of a message's octets that SEARCH reads (RFC 3501 §6.4.4): headers, the text parts and
 * the parts of type message. Other parts are not searched, which §6.4.4 allows: a match in the
 * octets of a picture would mean nothing to a reader.
 *
 * @param octets where it is, 1 octet or more
 * @param part the part, or the message whose header it is
 */
public record SearchedRange(PartRange octets, PartTree part, Kind kind) {
  /** The kind of a range. */
  public enum Kind {
    /** The message's own header. */
    HEADER,
    /** The MIME header of a part; only TEXT searches it. */
    PART_HEADER,
    /** The header of a message inside; a part of the body. */
    INNER_HEADER,
    /** The body of a text part. */
    BODY,
    /** The body of a part of type message that is not divided into parts itself. */
    MESSAGE
  }

  /**
   * Ranges in octet order; the message's own header is first.
   *
   * @param header with the message's own header
   * @param body with its body
   * @param partHeaders with the MIME headers of the body's parts
   */
  static List<SearchedRange> of(
      PartTree message, boolean header, boolean body, boolean partHeaders) {
    var ranges = new ArrayList<SearchedRange>();
    if (header) {
      header(message, Kind.HEADER, ranges);
    }
    if (body) {
      body(message, partHeaders, ranges);
    }
    return ranges;
  }

  /** The ranges that any term may search. */
  static List<SearchedRange> all(PartTree message) {
    return of(message, true, true, true);
  }

  private static void body(PartTree part, boolean withHeaders, List<SearchedRange> ranges) {
    if (part.children().isEmpty()) {
      var octets = new PartRange(part.bodyStart(), part.end());
      switch (part.type()) {
        case "text" -> add(octets, part, Kind.BODY, ranges);
        case "message" -> add(octets, part, Kind.MESSAGE, ranges);
        default -> {}
      }
    }
    for (var child : part.children()) {
      if (part.isMessage()) {
        header(child, Kind.INNER_HEADER, ranges);
      } else if (withHeaders) {
        header(child, Kind.PART_HEADER, ranges);
      }
      body(child, withHeaders, ranges);
    }
  }

  private static void header(PartTree message, Kind kind, List<SearchedRange> ranges) {
    add(new PartRange(message.headerStart(), message.bodyStart()), message, kind, ranges);
  }

  private static void add(PartRange octets, PartTree part, Kind kind, List<SearchedRange> ranges) {
    if (octets.length() > 0) {
      ranges.add(new SearchedRange(octets, part, kind));
    }
  }
}
