package io.postern.mime.text;

import io.postern.mime.PartRange;
import io.postern.mime.PartTree;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of a message's octets that SEARCH BODY and TEXT look into (RFC 3501 §6.4.4): the text
 * parts, and the headers of messages inside. Other parts are not looked into: a match in the octets
 * of a picture would mean nothing to a reader.
 *
 * @param octets where it is
 * @param part the text part, or the message whose header it is
 * @param isHeader whether it is that header
 */
public record SearchedRange(PartRange octets, PartTree part, boolean isHeader) {
  /** What BODY looks into, in the order of the octets. */
  public static List<SearchedRange> ofBody(PartTree message) {
    var ranges = new ArrayList<SearchedRange>();
    collect(message, ranges);
    return ranges;
  }

  /** What TEXT looks into, in the order of the octets: the header too. */
  public static List<SearchedRange> ofText(PartTree message) {
    var ranges = new ArrayList<SearchedRange>();
    header(message, ranges);
    collect(message, ranges);
    return ranges;
  }

  /** A finder to be fed with these octets. */
  public Finder finder(String text) {
    return isHeader ? HeaderFinder.anywhere(text) : new TextFinder(part, text);
  }

  private static void collect(PartTree part, List<SearchedRange> ranges) {
    if (part.isMessage()) {
      header(part.children().getFirst(), ranges);
    }
    if (part.children().isEmpty() && part.type().equals("text")) {
      add(new SearchedRange(new PartRange(part.bodyStart(), part.end()), part, false), ranges);
    }
    part.children().forEach(child -> collect(child, ranges));
  }

  private static void header(PartTree message, List<SearchedRange> ranges) {
    var octets = new PartRange(message.headerStart(), message.bodyStart());
    add(new SearchedRange(octets, message, true), ranges);
  }

  private static void add(SearchedRange range, List<SearchedRange> ranges) {
    if (range.octets().length() > 0) {
      ranges.add(range);
    }
  }
}
