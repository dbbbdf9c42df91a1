package io.postern.imap.grammar;

import io.postern.imap.grammar.Section.Partial;
import io.postern.imap.grammar.Section.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Parses sections and partials of FETCH (RFC 3501 §6.4.5, §9). */
public final class SectionText {
  private static final String WHAT = "a section";

  private static final String FIELD = "the name of a header field";
  private static final String END = "the end of a section";

  private SectionText() {}

  /** Parses {@code section} with its brackets. */
  public static Section read(Arguments in) throws BadSyntax {
    in.octet('[', WHAT);
    var part = new ArrayList<Integer>();
    boolean dot = readNumbers(in, part);
    boolean numbersOnly = part.isEmpty() ? in.peek() == ']' : !dot;
    var section = numbersOnly ? new Section(part, What.ALL, List.of()) : text(in, part);
    in.octet(']', END);
    return section;
  }

  /**
   * Parses {@code section-binary} with its brackets: the numbers of a part, or none (RFC 3516 §7).
   */
  public static Section readPart(Arguments in) throws BadSyntax {
    in.octet('[', WHAT);
    var part = new ArrayList<Integer>();
    if (readNumbers(in, part) && !part.isEmpty()) {
      throw in.expected("the number of a part");
    }
    in.octet(']', END);
    return new Section(part, What.ALL, List.of());
  }

  /** Parses part numbers; returns true when they end in a dot. */
  private static boolean readNumbers(Arguments in, List<Integer> part) throws BadSyntax {
    boolean dot = true;
    while (dot && Octets.isDigit(in.peek())) {
      if (part.size() == Section.MAX_LEVELS) {
        throw in.expected("a part of at most " + Section.MAX_LEVELS + " levels");
      }
      part.add((int) in.digits("the number of a part", 1, Integer.MAX_VALUE));
      dot = in.tryOctet('.');
    }
    return dot;
  }

  private static Section text(Arguments in, List<Integer> part) throws BadSyntax {
    long start = in.position();
    var word = in.word(WHAT);
    for (var what : What.values()) {
      if (what != What.ALL && what.text().equals(word)) {
        if (what == What.MIME && part.isEmpty()) {
          throw new BadSyntax("the number of a part before MIME", start);
        }
        return new Section(part, what, what.takesFields() ? fields(in) : List.of());
      }
    }
    throw new BadSyntax(WHAT, start);
  }

  private static List<String> fields(Arguments in) throws BadSyntax {
    in.space();
    in.openList();
    var fields = new ArrayList<String>();
    fields.add(in.astring(FIELD));
    while (!in.tryCloseList()) {
      in.space();
      fields.add(in.astring(FIELD));
    }
    return fields;
  }

  /** Parses {@code <offset.count>} if it is there. */
  public static Optional<Partial> tryPartial(Arguments in) throws BadSyntax {
    if (!in.tryOctet('<')) {
      return Optional.empty();
    }
    long offset = in.number64();
    in.octet('.', "the octets wanted");
    long count = in.digits("a number of octets above 0", 1, Long.MAX_VALUE);
    in.octet('>', "the end of a partial");
    return Optional.of(new Partial(offset, count));
  }
}
