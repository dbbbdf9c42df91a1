package io.postern.mime.text;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The text terms of a search program, compiled so that one pass over a message searches for all of
 * them (RFC 3501 §6.4.4). Immutable; usable from any thread. Takes some 30 octets of memory for
 * each code point of the texts.
 */
public final class SearchTerms {
  /** The texts that a term searches. */
  public enum Scope {
    /** The text parts, the parts of type message, and the headers of messages inside. */
    BODY,
    /** The same, and all headers. */
    TEXT,
    /** The header fields of a name; an empty text matches any such field. */
    FIELD,
    /** The same, and the addresses in them as ENVELOPE shows them (RFC 3501 §7.4.2). */
    ADDRESSES
  }

  /**
   * One text to search for.
   *
   * @param field the lower-case name of the header field; empty for BODY and TEXT
   * @param text compared without case
   */
  public record Term(Scope scope, String field, String text) {
    public Term {
      field = field.toLowerCase(Locale.ROOT);
    }

    public static Term body(String text) {
      return new Term(Scope.BODY, "", text);
    }

    public static Term text(String text) {
      return new Term(Scope.TEXT, "", text);
    }

    public static Term field(String name, String text) {
      return new Term(Scope.FIELD, name, text);
    }

    public static Term addresses(String name, String text) {
      return new Term(Scope.ADDRESSES, name, text);
    }
  }

  private final List<Term> terms;
  private final int[] patterns;
  private final Set<Scope> scopes = EnumSet.noneOf(Scope.class);
  private final Set<String> addressFields = new HashSet<>();

  /** By lower-case name of the field; terms of BODY and TEXT have the empty name. */
  private final Map<String, AhoCorasick> automata = new HashMap<>();

  /** The chars of ASCII with which the name of a searched field begins, in either case. */
  private final BitSet firstChars = new BitSet();

  private SearchTerms(Builder from) {
    this.terms = List.copyOf(from.terms);
    this.patterns = from.patterns.stream().mapToInt(pattern -> pattern).toArray();
    for (var term : terms) {
      scopes.add(term.scope());
      if (term.scope() == Scope.ADDRESSES) {
        addressFields.add(term.field());
      }
      if (!term.field().isEmpty()) {
        firstChars.set(term.field().charAt(0));
        firstChars.set(Character.toUpperCase(term.field().charAt(0)));
      }
    }
    from.automata.forEach((field, automaton) -> automata.put(field, automaton.build()));
  }

  /** The term of a number. */
  Term term(int number) {
    return terms.get(number);
  }

  /** The number of a term's pattern in its automaton. */
  int pattern(int number) {
    return patterns[number];
  }

  Map<String, AhoCorasick> automata() {
    return automata;
  }

  /** Number of terms; equal ones are one. */
  public int size() {
    return terms.size();
  }

  /** Whether a term searches the header of the message. */
  public boolean readsHeader() {
    return scopes.size() > (scopes.contains(Scope.BODY) ? 1 : 0);
  }

  /** Whether a term searches the body. */
  public boolean readsBody() {
    return scopes.contains(Scope.BODY) || scopes.contains(Scope.TEXT);
  }

  /** Whether a term searches all headers. */
  boolean readsAllHeaders() {
    return scopes.contains(Scope.TEXT);
  }

  /** Whether a term searches addresses in the fields of this name. */
  boolean readsAddresses(String field) {
    return addressFields.contains(field);
  }

  /** Whether the name of a searched field may begin with this char. */
  boolean mayBeginField(char first) {
    return first >= 0x80 || firstChars.get(first);
  }

  /** Begins a pass over one message. */
  public MessageSearch search() {
    return new MessageSearch(this);
  }

  /** Collects terms. */
  public static final class Builder {
    private final Map<Term, Integer> numbers = new HashMap<>();
    private final List<Term> terms = new ArrayList<>();
    private final List<Integer> patterns = new ArrayList<>();
    private final Map<String, AhoCorasick.Builder> automata = new HashMap<>();
    private long codePoints;

    /** Adds a term; returns its number, from 0. */
    public int add(Term term) {
      return numbers.computeIfAbsent(term, this::added);
    }

    /** Code points of all texts added. */
    public long codePoints() {
      return codePoints;
    }

    private int added(Term term) {
      codePoints += term.text().codePointCount(0, term.text().length());
      var automaton = automata.computeIfAbsent(term.field(), _ -> new AhoCorasick.Builder());
      terms.add(term);
      patterns.add(automaton.add(term.text()));
      return terms.size() - 1;
    }

    public SearchTerms build() {
      return new SearchTerms(this);
    }
  }
}
