package io.postern.mime.text;

import io.postern.mime.text.AhoCorasick.Found;
import io.postern.mime.text.AhoCorasick.Scan;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The result of one pass over one message. The caller feeds the octets of its {@link SearchedRange
 * ranges} in order, each range to a {@link RangeSearch} of its own. Not thread-safe.
 */
public final class MessageSearch {
  private static final String ANYWHERE = "";

  private static final HeaderSearch.Fields NO_FIELDS =
      new HeaderSearch.Fields() {
        @Override
        public boolean mayBegin(char first) {
          return false;
        }

        @Override
        public Optional<HeaderSearch.Field> named(String lowerCaseName) {
          return Optional.empty();
        }
      };

  private final SearchTerms terms;

  /** Matches in the body, for BODY and TEXT. */
  private final Found inBody = new Found();

  /** Matches in the headers, for TEXT only. */
  private final Found inHeaders = new Found();

  private final Map<String, Found> inFields = new HashMap<>();
  private final Map<String, Found> inAddresses = new HashMap<>();
  private boolean headerOver;
  private boolean bodyOver;

  MessageSearch(SearchTerms terms) {
    this.terms = terms;
  }

  /** Whether the term was found so far. */
  public boolean found(int number) {
    var term = terms.term(number);
    int pattern = terms.pattern(number);
    return switch (term.scope()) {
      case BODY -> inBody.has(pattern);
      case TEXT -> inBody.has(pattern) || inHeaders.has(pattern);
      case FIELD -> has(inFields, term.field(), pattern);
      case ADDRESSES ->
          has(inFields, term.field(), pattern) || has(inAddresses, term.field(), pattern);
    };
  }

  private static boolean has(Map<String, Found> fields, String field, int pattern) {
    var found = fields.get(field);
    return found != null && found.has(pattern);
  }

  /** Whether further octets can't change whether the message matches the term. */
  public boolean isDecided(int number) {
    boolean over =
        switch (terms.term(number).scope()) {
          case BODY -> bodyOver;
          case TEXT -> headerOver && bodyOver;
          case FIELD, ADDRESSES -> headerOver;
        };
    return over || found(number);
  }

  /** A counter that grows with each match. */
  public int hits() {
    int hits = inBody.count() + inHeaders.count();
    for (var found : inFields.values()) {
      hits += found.count();
    }
    for (var found : inAddresses.values()) {
      hits += found.count();
    }
    return hits;
  }

  /** Records that all of the message's own header was searched. */
  public void headerOver() {
    headerOver = true;
  }

  /** Records that all ranges of the body were searched. */
  public void bodyOver() {
    bodyOver = true;
  }

  /** Begins a range. */
  public RangeSearch begin(SearchedRange range) {
    return switch (range.kind()) {
      case HEADER -> beginHeader();
      case PART_HEADER -> new HeaderSearch(anywhere(inHeaders), NO_FIELDS);
      case INNER_HEADER -> innerHeader();
      case BODY -> new BodySearch(range.part(), anywhere(inBody), Optional.empty());
      case MESSAGE -> new BodySearch(range.part(), anywhere(inBody), Optional.of(innerHeader()));
    };
  }

  /** Begins the message's own header. */
  public RangeSearch beginHeader() {
    var lines = terms.readsAllHeaders() ? anywhere(inHeaders) : Optional.<Scan>empty();
    return new HeaderSearch(lines, new SearchedFields());
  }

  private HeaderSearch innerHeader() {
    return new HeaderSearch(anywhere(inBody), NO_FIELDS);
  }

  private Optional<Scan> anywhere(Found found) {
    return Optional.ofNullable(terms.automata().get(ANYWHERE)).map(all -> all.scan(found));
  }

  /** The fields that terms name. */
  private final class SearchedFields implements HeaderSearch.Fields {
    @Override
    public boolean mayBegin(char first) {
      return terms.mayBeginField(first);
    }

    @Override
    public Optional<HeaderSearch.Field> named(String name) {
      return Optional.ofNullable(terms.automata().get(name))
          .filter(_ -> !name.equals(ANYWHERE))
          .map(automaton -> field(name, automaton));
    }

    private HeaderSearch.Field field(String name, AhoCorasick automaton) {
      var value = automaton.scan(inFields.computeIfAbsent(name, _ -> new Found()));
      var addresses =
          terms.readsAddresses(name)
              ? Optional.of(automaton.scan(inAddresses.computeIfAbsent(name, _ -> new Found())))
              : Optional.<Scan>empty();
      return new HeaderSearch.Field(value, addresses);
    }
  }
}
