package io.postern.mime.text;

import io.postern.mime.text.AhoCorasick.Found;
import io.postern.mime.text.SearchTerms.FieldTexts;
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
    this.inFields = new @Nullable Found[terms.fieldCount()];
    this.inAddresses = new @Nullable Found[terms.fieldCount()];
  }

  /** Whether the term was found so far. */
  public boolean found(int number) {
    var term = terms.term(number);
    int pattern = terms.pattern(number);
    return switch (term.scope()) {
      case BODY -> inBody.has(pattern);
      case TEXT -> inBody.has(pattern) || inHeaders.has(pattern);
      case FIELD -> has(inFields[terms.fieldNumber(number)], pattern);
      case ADDRESSES ->
          has(inFields[terms.fieldNumber(number)], pattern)
              || has(inAddresses[terms.fieldNumber(number)], pattern);
    };
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
    return over || absent.get(number) || found(number);
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
      var scan = field.get().automaton().scan(found);
      scan.begin();
      scan.acceptFolded(octets, from, to);
    }
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
    int hits = inBody.count() + inHeaders.count();
    for (int field = 0; field < inFields.length; field++) {
      hits += count(inFields[field]) + count(inAddresses[field]);
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
      case PART_HEADER -> new HeaderSearch(anywhere(inHeaders), HeaderSearch.Fields.NONE);
      case INNER_HEADER -> innerHeader();
      case BODY -> new BodySearch(range.part(), anywhere(inBody), Optional.empty());
      case MESSAGE -> new BodySearch(range.part(), anywhere(inBody), Optional.of(innerHeader()));
    };
  }

  /** Begins the message's own header. */
  public RangeSearch beginHeader() {
    var lines = terms.readsAllHeaders() ? anywhere(inHeaders) : Optional.<TextScan>empty();
    return new HeaderSearch(lines, new SearchedFields());
  }

  private HeaderSearch innerHeader() {
    return new HeaderSearch(anywhere(inBody), HeaderSearch.Fields.NONE);
  }

  private Optional<TextScan> anywhere(Found found) {
    return terms.anywhere().map(all -> all.scan(found));
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
      return new HeaderSearch.Field(
          field.automaton().scan(found(inFields, field)),
          field.inAddresses()
              ? Optional.of(field.automaton().scan(found(inAddresses, field)))
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
