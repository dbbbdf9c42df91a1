package io.postern.mime.search;

import io.postern.mime.PartTree;
import io.postern.mime.text.TextScan;
import io.postern.mime.text.UnicodeCasemap;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The text terms of a search program, compiled so that one pass over a message searches for all of
 * them (RFC 3501 §6.4.4). Immutable; usable from any thread. Takes some 40 octets of memory for
 * each code point of the texts.
 */
public final class SearchTerms {
  /** Instead of a field's name, for BODY and TEXT. */
  private static final String ANYWHERE = "";

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
   * @param text compared by {@link UnicodeCasemap}
   * @param fuzzy whether its words are searched for by resemblance ({@link FuzzyWords})
   */
  public record Term(Scope scope, String field, String text, boolean fuzzy) {
    public Term {
      field = field.toLowerCase(Locale.ROOT);
    }

    /** The same text searched for by resemblance; a text without words is searched for as it is. */
    public Term fuzzily() {
      return new Term(scope, field, text, !TextWords.of(text).isEmpty());
    }

    public static Term body(String text) {
      return new Term(Scope.BODY, ANYWHERE, text, false);
    }

    public static Term text(String text) {
      return new Term(Scope.TEXT, ANYWHERE, text, false);
    }

    public static Term field(String name, String text) {
      return new Term(Scope.FIELD, name, text, false);
    }

    public static Term addresses(String name, String text) {
      return new Term(Scope.ADDRESSES, name, text, false);
    }
  }

  /**
   * The texts searched for in the fields of one name.
   *
   * @param number of the name, from 0
   * @param inAddresses whether the addresses in the fields are searched, too
   */
  record FieldTexts(int number, Texts texts, boolean inAddresses) {}

  /** Texts that are searched for in the same places: exactly, and by resemblance. */
  record Texts(AhoCorasick automaton, FuzzyWords words) {
    /** Begins a pass over texts that records what is found. */
    TextScan scan(AhoCorasick.Found exact, FuzzyWords.Found fuzzy) {
      return words.isEmpty()
          ? automaton.scan(exact)
          : TextScan.both(automaton.scan(exact), words.scan(fuzzy));
    }
  }

  private final List<Term> terms;
  private final int[] patterns;

  /** By the number of a term the number of its field; unused for BODY and TEXT. */
  private final int[] fieldNumbers;

  private final Set<Scope> scopes = EnumSet.noneOf(Scope.class);

  /** Of the terms of BODY and TEXT. */
  private final Optional<Texts> anywhere;

  /** By lower-case name. */
  private final Map<String, FieldTexts> fields = new HashMap<>();

  /** By the number of a field in {@link IndexedText#FIELDS}. */
  private final @Nullable FieldTexts[] indexedFields =
      new @Nullable FieldTexts[IndexedText.FIELDS.size()];

  /** By the number of a term its trigrams; none of terms of fields. */
  private final int[][] trigrams;

  private final long needles;
  private final boolean ranks;
  private final boolean readsIndexedFields;
  private final boolean readsSignature;

  /** The chars of ASCII with which the name of a searched field begins, in either case. */
  private final BitSet firstChars = new BitSet();

  private SearchTerms(Builder from) {
    this.terms = List.copyOf(from.terms);
    this.patterns = from.patterns.stream().mapToInt(pattern -> pattern).toArray();
    this.fieldNumbers = new int[terms.size()];
    this.anywhere =
        Optional.ofNullable(from.automata.get(ANYWHERE)).map(it -> from.texts(ANYWHERE, it));
    this.needles = from.needles();
    this.ranks = from.ranks;
    var inAddresses = new HashSet<String>();
    for (var term : terms) {
      scopes.add(term.scope());
      if (term.scope() == Scope.ADDRESSES) {
        inAddresses.add(term.field());
      }
    }
    from.automata.forEach(
        (name, automaton) -> addField(name, from.texts(name, automaton), inAddresses));
    this.trigrams = new int[terms.size()][];
    boolean indexed = false;
    boolean narrowed = false;
    for (int number = 0; number < terms.size(); number++) {
      var term = terms.get(number);
      var field = fields.get(term.field());
      fieldNumbers[number] = field == null ? 0 : field.number();
      boolean narrows = field == null && !term.fuzzy();
      trigrams[number] = narrows ? TrigramSet.of(term.text()) : new int[0];
      indexed = indexed || isIndexed(number);
      narrowed = narrowed || trigrams[number].length > 0;
    }
    this.readsIndexedFields = indexed;
    this.readsSignature = narrowed;
    for (int number = 0; number < indexedFields.length; number++) {
      indexedFields[number] = fields.get(IndexedText.FIELDS.get(number));
    }
  }

  private void addField(String name, Texts texts, Set<String> inAddresses) {
    if (!name.equals(ANYWHERE)) {
      fields.put(name, new FieldTexts(fields.size(), texts, inAddresses.contains(name)));
      firstChars.set(name.charAt(0));
      firstChars.set(Character.toUpperCase(name.charAt(0)));
    }
  }

  /** The term of a number. */
  Term term(int number) {
    return terms.get(number);
  }

  /** The number of a term's pattern in its automaton, or of its text among its words. */
  int pattern(int number) {
    return patterns[number];
  }

  /** The number of a term's field. */
  int fieldNumber(int number) {
    return fieldNumbers[number];
  }

  /** The texts of BODY and TEXT. */
  Optional<Texts> anywhere() {
    return anywhere;
  }

  /** The texts searched for in a field, if there are any. */
  Optional<FieldTexts> field(String lowerCaseName) {
    return Optional.ofNullable(fields.get(lowerCaseName));
  }

  /** How many fields are searched. */
  int fieldCount() {
    return fields.size();
  }

  /** The texts searched for in a field that is kept, if there are any. */
  Optional<FieldTexts> indexedField(int number) {
    return Optional.ofNullable(indexedFields[number]);
  }

  /** Whether the fields that are kept decide a term. */
  boolean isIndexed(int number) {
    var term = terms.get(number);
    return IndexedText.number(term.scope(), term.field()) >= 0;
  }

  /** The trigrams of a term of BODY or TEXT; none when a signature says nothing of it. */
  int[] trigrams(int number) {
    return trigrams[number];
  }

  /** Whether the fields that are kept of messages ({@link IndexedText}) decide a term. */
  public boolean readsIndexedFields() {
    return readsIndexedFields;
  }

  /** Whether the signatures of messages ({@link IndexedText}) may decide a term. */
  public boolean readsSignature() {
    return readsSignature;
  }

  /** Number of terms; equal ones are one. */
  public int size() {
    return terms.size();
  }

  /**
   * What a pass costs an octet: 1 for each text, more for each word searched for by resemblance.
   */
  public long needles() {
    return needles;
  }

  /** Whether a text is searched for by resemblance. */
  public boolean isFuzzy() {
    return terms.stream().anyMatch(Term::fuzzy);
  }

  /** Whether it matters how well messages match texts searched for by resemblance. */
  public boolean ranks() {
    return ranks;
  }

  /** Whether a term searches the header of the message. */
  public boolean readsHeader() {
    return scopes.size() > (scopes.contains(Scope.BODY) ? 1 : 0);
  }

  /** Whether a term searches a header field: the header alone decides it. */
  public boolean readsFields() {
    return scopes.contains(Scope.FIELD) || scopes.contains(Scope.ADDRESSES);
  }

  /** Whether a term searches the body. */
  public boolean readsBody() {
    return scopes.contains(Scope.BODY) || scopes.contains(Scope.TEXT);
  }

  /** Whether a term searches all headers. */
  boolean readsAllHeaders() {
    return scopes.contains(Scope.TEXT);
  }

  /** Whether the name of a searched field may begin with this char. */
  boolean mayBeginField(char first) {
    return first >= 0x80 || firstChars.get(first);
  }

  /** The ranges of a message that the terms search, in octet order. */
  public List<SearchedRange> ranges(PartTree message) {
    return SearchedRange.of(message, readsHeader(), readsBody(), readsAllHeaders());
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
    private final Map<String, FuzzyWords.Builder> words = new HashMap<>();
    private boolean ranks;
    private long codePoints;

    /** Adds a term; returns its number, from 0. */
    public int add(Term term) {
      return numbers.computeIfAbsent(term, this::added);
    }

    /** Code points of all texts added, as they are compared. */
    public long codePoints() {
      return codePoints;
    }

    /** Words that are searched for by resemblance. */
    public int words() {
      return words.values().stream().mapToInt(FuzzyWords.Builder::size).sum();
    }

    /** Messages are searched until it is known how well they match. */
    public void rank() {
      ranks = true;
    }

    private long needles() {
      long fuzzy = terms.stream().filter(Term::fuzzy).count();
      return terms.size() - fuzzy + (long) FuzzyWords.COST * words();
    }

    private Texts texts(String field, AhoCorasick.Builder automaton) {
      var fuzzy = Optional.ofNullable(words.get(field)).orElseGet(FuzzyWords.Builder::new);
      return new Texts(automaton.build(), fuzzy.build());
    }

    private int added(Term term) {
      codePoints += UnicodeCasemap.folded(term.text()).length;
      var automaton = automata.computeIfAbsent(term.field(), _ -> new AhoCorasick.Builder());
      terms.add(term);
      patterns.add(
          term.fuzzy()
              ? words.computeIfAbsent(term.field(), _ -> new FuzzyWords.Builder()).add(term.text())
              : automaton.add(term.text()));
      return terms.size() - 1;
    }

    public SearchTerms build() {
      return new SearchTerms(this);
    }
  }
}
