package io.postern.imap.grammar;

import io.postern.model.NumberSet;
import io.postern.model.message.Criterion;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Parses a search program (RFC 3501 §6.4.4). A key's reader gets this object, behind the key's
 * name, and reads the key's arguments from it.
 */
public final class SearchText {
  /** Greatest nesting of keys, by NOT, OR and parentheses. */
  public static final int MAX_NESTING = 50;

  /** Most keys of one program, nested ones included. */
  public static final int MAX_KEYS = 1_000;

  /** Charsets named in BADCHARSET; the JDK's others are supported too. */
  public static final List<String> CHARSETS = List.of("US-ASCII", "UTF-8", "ISO-8859-1");

  private static final String WHAT = "a search key";

  private final Arguments in;
  private final Charset charset;
  private final Additions more;
  private int nesting;
  private int keys;

  private SearchText(Arguments in, Charset charset, Additions more) {
    this.in = in;
    this.charset = charset;
    this.more = more;
  }

  /** The result of parsing a program. */
  public sealed interface Program {
    /** A valid program. */
    record Asked(Criterion criterion) implements Program {}

    /** A program in an unsupported charset: NO [BADCHARSET]. */
    record UnknownCharset(String name) implements Program {}
  }

  /** Parses what follows one key's name. */
  @FunctionalInterface
  public interface KeyReader {
    /** Parses the key; the cursor stops behind all that belongs to it. */
    Criterion read(SearchText in) throws BadSyntax;
  }

  /** What search programs can have beyond RFC 3501. */
  public interface Additions {
    /** The reader of a key, by its name in upper case. */
    Optional<KeyReader> key(String name);

    /** The UIDs that a character stands for in place of a sequence set. */
    Optional<NumberSet> marked(int octet);

    /** Refuses sequence numbers here, if the session has none. */
    void requireNumbers(Arguments in) throws BadSyntax;
  }

  /** Parses an optional charset, then one key or more, up to the end of the command. */
  public static Program read(Arguments in, Additions more) throws BadSyntax {
    if (!in.tryKeyword("CHARSET")) {
      return read(in, StandardCharsets.UTF_8, more);
    }
    in.space();
    return readWithCharset(in, more);
  }

  /** The same behind the name of a charset, which has to be there (RFC 5256 §3). */
  public static Program readWithCharset(Arguments in, Additions more) throws BadSyntax {
    var name = in.astring("a charset");
    var known = charset(name);
    if (known.isEmpty()) {
      return new Program.UnknownCharset(name);
    }
    in.space();
    return read(in, known.get(), more);
  }

  private static Program read(Arguments in, Charset charset, Additions more) throws BadSyntax {
    var search = new SearchText(in, charset, more);
    var all = new ArrayList<Criterion>();
    do {
      all.add(search.key());
    } while (in.trySpace());
    in.end();
    return new Program.Asked(and(all));
  }

  /** The charset of a name; US-ASCII is read as UTF-8, which includes it. */
  private static Optional<Charset> charset(String name) {
    try {
      var charset = Charset.forName(name);
      return Optional.of(
          charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset);
    } catch (IllegalArgumentException unknown) {
      return Optional.empty();
    }
  }

  private static Criterion and(List<Criterion> all) {
    return all.size() == 1 ? all.getFirst() : new Criterion.And(all);
  }

  /** The cursor. */
  public Arguments arguments() {
    return in;
  }

  /** Parses a space and an {@code astring} in the program's charset. */
  public String text() throws BadSyntax {
    in.space();
    long start = in.position();
    byte[] octets = in.astringOctets("a text to search for");
    return Octets.decode(octets, charset)
        .orElseThrow(() -> new BadSyntax("a text in " + charset.name(), start));
  }

  /** Parses a space and a key nested in this one. */
  public Criterion nested() throws BadSyntax {
    in.space();
    return key();
  }

  private Criterion key() throws BadSyntax {
    if (nesting > MAX_NESTING) {
      throw in.expected("search keys nested at most " + MAX_NESTING + " deep");
    }
    if (keys == MAX_KEYS) {
      throw in.expected("at most " + MAX_KEYS + " search keys");
    }
    keys++;
    nesting++;
    var criterion = oneKey();
    nesting--;
    return criterion;
  }

  private Criterion oneKey() throws BadSyntax {
    if (in.tryOpenList()) {
      return list();
    }
    var marked = marked();
    if (marked.isPresent()) {
      return marked.get();
    }
    if (SetText.isNext(in)) {
      more.requireNumbers(in);
      return new Criterion.Numbered(SetText.read(in));
    }
    long start = in.position();
    var name = in.word(WHAT);
    var reader = Optional.ofNullable(SearchKeys.BASE.get(name)).or(() -> more.key(name));
    if (reader.isEmpty()) {
      throw new BadSyntax(WHAT + " instead of " + name, start);
    }
    return reader.get().read(this);
  }

  /** Parses a space and a set of UIDs, or what stands in its place. */
  Criterion uids() throws BadSyntax {
    in.space();
    var marked = marked();
    return marked.isPresent() ? marked.get() : new Criterion.HasUid(SetText.read(in));
  }

  private Optional<Criterion> marked() {
    var uids = more.marked(in.peek());
    return uids.filter(_ -> in.tryOctet((char) in.peek())).map(Criterion.InUids::new);
  }

  private Criterion list() throws BadSyntax {
    var all = new ArrayList<Criterion>();
    all.add(key());
    while (!in.tryCloseList()) {
      all.add(nested());
    }
    return and(all);
  }
}
