package io.postern.imap.grammar;

import io.postern.model.SequenceSet;
import io.postern.model.Uid;
import java.util.ArrayList;

/** Parses sequence sets (RFC 3501 §9). */
public final class SetText {
  private static final String WHAT = "a sequence set";

  private SetText() {}

  /** Whether a sequence set begins here. */
  public static boolean isNext(Arguments in) {
    return in.peek() == '*' || Octets.isDigit(in.peek());
  }

  /** Parses {@code sequence-set}: at least one number or range, as many as the line holds. */
  public static SequenceSet read(Arguments in) throws BadSyntax {
    var ranges = new ArrayList<SequenceSet.Range>();
    do {
      long one = number(in);
      ranges.add(new SequenceSet.Range(one, in.tryOctet(':') ? number(in) : one));
    } while (in.tryOctet(','));
    return new SequenceSet(ranges);
  }

  private static long number(Arguments in) throws BadSyntax {
    return in.tryOctet('*') ? SequenceSet.STAR : in.digits(WHAT, 1, Uid.MAX);
  }
}
