package io.postern.imap.grammar;

import io.postern.model.message.Flags;
import io.postern.model.message.SystemFlag;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/** Parses the flags of commands (RFC 3501 §9: {@code flag}, {@code flag-list}). */
public final class FlagText {
  /** Longest keyword, in octets. */
  public static final int MAX_KEYWORD = 128;

  private FlagText() {}

  /** Parses APPEND's list of flags in parentheses, which may be empty. */
  public static Flags list(Arguments in) throws BadSyntax {
    in.openList();
    var flags = new Collected();
    for (boolean first = true; !in.tryCloseList(); first = false) {
      if (!first) {
        in.space();
      }
      flags.read(in);
    }
    return flags.flags();
  }

  /** Parses STORE's list of flags, with or without parentheses (RFC 3501 §9). */
  public static Flags listOrBare(Arguments in) throws BadSyntax {
    if (in.peek() == '(') {
      return list(in);
    }
    var flags = new Collected();
    do {
      flags.read(in);
    } while (in.trySpace());
    return flags.flags();
  }

  /** Parses {@code flag-keyword}, at most {@link #MAX_KEYWORD} octets. */
  public static String keyword(Arguments in) throws BadSyntax {
    long start = in.position();
    var keyword = in.atom("a keyword");
    if (keyword.length() > MAX_KEYWORD) {
      throw new BadSyntax("a keyword of at most " + MAX_KEYWORD + " octets", start);
    }
    return keyword;
  }

  private static final class Collected {
    private final Set<SystemFlag> system = EnumSet.noneOf(SystemFlag.class);
    private final TreeSet<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    void read(Arguments in) throws BadSyntax {
      if (in.peek() == '\\') {
        system.add(systemFlag(in));
      } else {
        keywords.add(keyword(in));
      }
    }

    /**
     * Parses one of the five flags that a client can set. Only the server sets {@code \Recent} (RFC
     * 3501 §2.3.2), and {@code flag} in §9 excludes it.
     */
    private static SystemFlag systemFlag(Arguments in) throws BadSyntax {
      long start = in.position();
      in.octet('\\', "a flag");
      var name = in.atom("a flag");
      for (var flag : SystemFlag.values()) {
        if (flag.text().substring(1).equalsIgnoreCase(name)) {
          return flag;
        }
      }
      throw new BadSyntax("a flag that a client can set", start);
    }

    Flags flags() {
      return new Flags(system, keywords);
    }
  }
}
