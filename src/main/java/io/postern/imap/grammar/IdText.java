package io.postern.imap.grammar;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/** Parses the parameters of ID (RFC 2971 §3.3). */
public final class IdText {
  /** Most parameters in one command. */
  public static final int MAX_PARAMETERS = 30;

  /** Longest parameter name, in characters. */
  public static final int MAX_NAME = 30;

  /** Longest parameter value, in characters. */
  public static final int MAX_VALUE = 1_024;

  private IdText() {}

  /**
   * Parses NIL or a list of names and values. Names become lower case, because they compare without
   * case; a NIL value is no parameter, and of two with one name the first stays.
   */
  public static SequencedMap<String, String> read(Arguments in) throws BadSyntax {
    var parameters = new LinkedHashMap<String, String>();
    if (in.tryNil()) {
      return Collections.unmodifiableSequencedMap(parameters);
    }
    in.openList();
    for (int count = 0; !in.tryCloseList(); count++) {
      if (count == MAX_PARAMETERS) {
        throw in.expected("at most " + MAX_PARAMETERS + " parameters");
      }
      if (count > 0) {
        in.space();
      }
      pair(in, parameters);
    }
    return Collections.unmodifiableSequencedMap(parameters);
  }

  private static void pair(Arguments in, Map<String, String> parameters) throws BadSyntax {
    long start = in.position();
    var name = in.string().toLowerCase(Locale.ROOT);
    if (name.length() > MAX_NAME) {
      throw new BadSyntax("a name of at most " + MAX_NAME + " characters", start);
    }
    in.space();
    long valueStart = in.position();
    var value = in.nstring();
    if (value.isPresent() && value.get().length() > MAX_VALUE) {
      throw new BadSyntax("a value of at most " + MAX_VALUE + " characters", valueStart);
    }
    value.ifPresent(v -> parameters.putIfAbsent(name, v));
  }
}
