package io.postern.imap.grammar;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Parses the names of annotations (RFC 5464 §3.2). */
public final class EntryText {
  /** Most octets of a name. */
  public static final int MAX_LENGTH = 512;

  /** Most names in one command. */
  public static final int MAX_ENTRIES = 256;

  private static final String WHAT = "the name of an entry";

  /** Components of a vendor's entry: the scope, the word, the vendor and a name. */
  private static final int OF_VENDOR = 4;

  private EntryText() {}

  /** Parses the name of an annotation. */
  public static String entry(Arguments in) throws BadSyntax {
    long start = in.position();
    var name = name(in, start);
    int components = (int) name.chars().filter(c -> c == '/').count();
    int least = name.startsWith("/vendor/", name.indexOf('/', 1)) ? OF_VENDOR : 2;
    if (components < least) {
      throw new BadSyntax(WHAT + " with " + least + " components", start);
    }
    return name;
  }

  /**
   * Parses names, in parentheses or one alone, each of an annotation or of what is above some.
   *
   * @return in lower case, with how the client wrote them
   */
  public static Map<String, String> entries(Arguments in) throws BadSyntax {
    return in.tryOpenList() ? listed(in) : Map.of(name(in.fork(), in.position()), written(in));
  }

  /** Parses names behind an opening parenthesis, and the closing one. */
  public static Map<String, String> listed(Arguments in) throws BadSyntax {
    var names = new LinkedHashMap<String, String>();
    do {
      if (names.size() == MAX_ENTRIES) {
        throw in.expected("at most " + MAX_ENTRIES + " entries");
      }
      var name = name(in.fork(), in.position());
      names.putIfAbsent(name, written(in));
    } while (in.trySpace());
    in.closeList();
    return names;
  }

  private static String written(Arguments in) throws BadSyntax {
    return in.astring(WHAT);
  }

  private static String name(Arguments in, long start) throws BadSyntax {
    var name = in.astring(WHAT).toLowerCase(Locale.ROOT);
    boolean scoped = (name + "/").startsWith("/shared/") || (name + "/").startsWith("/private/");
    if (!scoped || name.contains("//") || name.endsWith("/")) {
      throw new BadSyntax(WHAT + " that begins with /shared/ or /private/", start);
    }
    if (name.length() > MAX_LENGTH) {
      throw new BadSyntax(WHAT + " of at most " + MAX_LENGTH + " octets", start);
    }
    if (!name.chars().allMatch(c -> c >= ' ' && c < 0x7F && c != '*' && c != '%')) {
      throw new BadSyntax(WHAT + " of printable ASCII without * and %", start);
    }
    return name;
  }
}
