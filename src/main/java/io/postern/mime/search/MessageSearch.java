package io.postern.mime.search;

import io.postern.mime.search.AhoCorasick.Found;
import io.postern.mime.search.SearchTerms.FieldTexts;
import io.postern.mime.text.BodySearch;
import io.postern.mime.text.HeaderSearch;
import io.postern.mime.text.RangeSearch;
import io.postern.mime.text.TextScan;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The result of one pass over one message. The caller feeds the octets of its {@link SearchedRange
 * ranges} in order, each range to a {@link RangeSearch} of its own. Not thread-safe.
 */
public final class MessageSearch {
  /** For texts that no term searches; nothing is ever found there. */
  private static final Found NOTHING = new Found();

  private static final FuzzyWords.Found NO_WORDS = new FuzzyWords.Found();

  /** For terms that no signature excludes. */
  private static final BitSet NONE = new BitSet(0);

  private final SearchTerms terms;

  /** Matches in the body, for BODY and TEXT. */
  private final Found inBody;

  /** Matches in the headers, for TEXT only. */
  private final Found inHeaders;

  /** Matches by the number of the field, for the fields that the message has. */
  private final @Nullable Found[] inFields;

  /** The same, in the addresses of the fields. */
  private final @Nullable Found[] inAddresses;

  /** Words in the body, for BODY and TEXT. */
  private final FuzzyWords.Found wordsInBody;

  /** Words in the headers, for TEXT only. */
  private final FuzzyWords.Found wordsInHeaders;

  /** Words by the number of the field, for the fields that the message has. */
  private final FuzzyWords.@Nullable Found[] wordsInFields;

  /** Terms whose text the message does not contain, by its signature. */
  private final BitSet absent;

  private boolean fieldsApplied;
  private boolean headerOver;
  private boolean bodyOver;

  MessageSearch(SearchTerms terms) {
    this.terms = terms;
    this.inBody = terms.readsBody() ? new Found() : NOTHING;
    this.inHeaders = terms.readsBody() ? new Found() : NOTHING;
    this.absent = terms.readsSignature() ? new BitSet() : NONE;
    boolean hasWords = terms.anywhere().filter(it -> !it.words().isEmpty()).isPresent();
    this.wordsInBody = hasWords ? new FuzzyWords.Found() : NO_WORDS;
    this.wordsInHeaders = hasWords ? new FuzzyWords.Found() : NO_WORDS;
    this.inFields = new @Nullable Found[terms.fieldCount()];
    this.inAddresses = new @Nullable Found[terms.fieldCount()];
    this.wordsInFields = new FuzzyWords.@Nullable Found[terms.fieldCount()];
  }

  /** Whether the term was found so far. */
  public boolean found(int number) {
    var term = terms.term(number);
    int pattern = terms.pattern(number);
    if (term.fuzzy()) {
      return score(number) > 0;
    }
    return switch (term.scope()) {
      case BODY -> inBody.has(pattern);
      case TEXT -> inBody.has(pattern) || inHeaders.has(pattern);
      case FIELD -> has(inFields[terms.fieldNumber(number)], pattern);
      case ADDRESSES ->
          has(inFields[terms.fieldNumber(number)], pattern)
              || has(inAddresses[terms.fieldNumber(number)], pattern);
    };
  }

  /** How well a term searched for by resemblance was found so far, up to 100; 0 for not at all. */
  private int score(int number) {
    var term = terms.term(number);
    int text = terms.pattern(number);
    return switch (term.scope()) {
      case BODY -> words().score(text, wordsInBody, NO_WORDS);
      case TEXT -> words().score(text, wordsInHeaders, wordsInBody);
      case FIELD, ADDRESSES -> {
        var found = wordsInFields[terms.fieldNumber(number)];
        var words = terms.field(term.field()).orElseThrow().texts().words();
        yield found == null ? 0 : words.score(text, found, NO_WORDS);
      }
    };
  }

  private FuzzyWords words() {
    return terms.anywhere().orElseThrow().words();
  }

  /**
   * How relevant the message is to what is searched for by resemblance (RFC 6203 §4), from 1 to
   * 100: the mean of all terms.
   */
  public int relevancy() {
    int sum = 0;
    int count = 0;
    for (int number = 0; number < terms.size(); number++) {
      if (terms.term(number).fuzzy()) {
        sum += score(number);
        count++;
      }
    }
    return count == 0 ? FuzzyWords.EXACT : Math.max(1, sum / count);
  }

  private static boolean has(@Nullable Found found, int pattern) {
    return found != null && found.has(pattern);
  }

  /** Whether further octets can't change whether the message matches the term. */
  public boolean isDecided(int number) {
    boolean over =
        switch (terms.term(number).scope()) {
          case BODY -> bodyOver;
          case TEXT -> headerOver && bodyOver;
          case FIELD, ADDRESSES -> headerOver || (fieldsApplied && terms.isIndexed(number));
        };
    if (over || absent.get(number)) {
      return true;
    }
    if (terms.ranks() && terms.term(number).fuzzy()) {
      return score(number) == FuzzyWords.EXACT;
    }
    return found(number);
  }

  /**
   * Evaluates the terms by what is kept of the message: those of the fields that are kept, and
   * those whose text its signature excludes. Some 0.1 ms at most.
   */
  public void apply(IndexedText text) {
    text.fields()
        .ifPresent(
            fields -> {
              IndexedText.visit(fields, this::matchField);
              fieldsApplied = true;
            });
    text.signature().ifPresent(this::exclude);
  }

  private void matchField(int number, boolean addresses, byte[] octets, int from, int to) {
    var field = terms.indexedField(number);
    if (field.isPresent() && (!addresses || field.get().inAddresses())) {
      var found = found(addresses ? inAddresses : inFields, field.get());
      var texts = field.get().texts();
      var scan = texts.automaton().scan(found);
      scan.begin();
      scan.acceptFolded(octets, from, to);
      if (!texts.words().isEmpty()) {
        var words = texts.words().scan(words(field.get()));
        words.acceptFolded(octets, from, to);
        words.end();
      }
    }
  }

  private FuzzyWords.Found words(FieldTexts field) {
    if (field.texts().words().isEmpty()) {
      return NO_WORDS;
    }
    var found = wordsInFields[field.number()];
    if (found == null) {
      found = new FuzzyWords.Found();
      wordsInFields[field.number()] = found;
    }
    return found;
  }

  private void exclude(ByteBuffer signature) {
    for (int number = 0; number < terms.size(); number++) {
      if (!TrigramSet.mayHave(signature, terms.trigrams(number))) {
        absent.set(number);
      }
    }
  }

  /** A counter that grows with each match. */
  public int hits() {
    int hits = inBody.count() + inHeaders.count() + wordsInBody.count() + wordsInHeaders.count();
    for (int field = 0; field < inFields.length; field++) {
      var words = wordsInFields[field];
      hits += count(inFields[field]) + count(inAddresses[field]);
      hits += words == null ? 0 : words.count();
    }
    return hits;
  }

  private static int count(@Nullable Found found) {
    return found == null ? 0 : found.count();
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
      case PART_HEADER ->
          new HeaderSearch(anywhere(inHeaders, wordsInHeaders), HeaderSearch.Fields.NONE);
      case INNER_HEADER -> innerHeader();
      case BODY -> new BodySearch(range.part(), anywhere(inBody, wordsInBody), Optional.empty());
      case MESSAGE ->
          new BodySearch(range.part(), anywhere(inBody, wordsInBody), Optional.of(innerHeader()));
    };
  }

  /** Begins the message's own header. */
  public RangeSearch beginHeader() {
    var lines =
        terms.readsAllHeaders() ? anywhere(inHeaders, wordsInHeaders) : Optional.<TextScan>empty();
    return new HeaderSearch(lines, new SearchedFields());
  }

  private HeaderSearch innerHeader() {
    return new HeaderSearch(anywhere(inBody, wordsInBody), HeaderSearch.Fields.NONE);
  }

  private Optional<TextScan> anywhere(Found found, FuzzyWords.Found words) {
    return terms.anywhere().map(all -> all.scan(found, words));
  }

  /** The fields that terms name. */
  private final class SearchedFields implements HeaderSearch.Fields {
    @Override
    public boolean mayBegin(char first) {
      return terms.mayBeginField(first);
    }

    @Override
    public Optional<HeaderSearch.Field> named(String name) {
      return terms.field(name).map(this::scans);
    }

    private HeaderSearch.Field scans(FieldTexts field) {
      var words = words(field);
      return new HeaderSearch.Field(
          field.texts().scan(found(inFields, field), words),
          field.inAddresses()
              ? Optional.of(field.texts().scan(found(inAddresses, field), words))
              : Optional.empty());
    }
  }

  private static Found found(@Nullable Found[] byField, FieldTexts field) {
    var found = byField[field.number()];
    if (found == null) {
      found = new Found();
      byField[field.number()] = found;
    }
    return found;
  }
}
