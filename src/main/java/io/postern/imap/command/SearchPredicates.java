package io.postern.imap.command;

import io.postern.imap.command.SearchPredicate.Message;
import io.postern.imap.command.SearchPredicate.OfIndex;
import io.postern.imap.command.SearchPredicate.OfSentDay;
import io.postern.imap.command.SearchPredicate.OfText;
import io.postern.imap.selected.View;
import io.postern.mime.search.SearchTerms;
import io.postern.mime.search.SearchTerms.Term;
import io.postern.model.SequenceSet;
import io.postern.model.message.Criterion;
import io.postern.model.message.InternalDate;
import io.postern.store.index.MailboxIndex;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.function.Predicate;

/** Compiles search criteria to conditions on the messages of one view. */
final class SearchPredicates {
  private final View view;
  private final MailboxIndex index;
  private final SearchTerms.Builder terms = new SearchTerms.Builder();
  private boolean readsSentDay;
  private boolean fuzzy;

  SearchPredicates(View view, MailboxIndex index) {
    this.view = view;
    this.index = index;
  }

  /** Code points of all texts that the compiled conditions search for. */
  long codePoints() {
    return terms.codePoints();
  }

  /** Words that the compiled conditions search for by resemblance. */
  int words() {
    return terms.words();
  }

  /** The conditions are to find how relevant messages are, too (RFC 6203 §4). */
  void rank() {
    terms.rank();
  }

  /** All terms that the compiled conditions search for in message text. */
  SearchTerms terms() {
    return terms.build();
  }

  /** Whether a compiled condition reads the day of the Date header. */
  boolean readsSentDay() {
    return readsSentDay;
  }

  SearchPredicate of(Criterion criterion) {
    return switch (criterion) {
      case Criterion.All() -> new OfIndex(_ -> true);
      case Criterion.And(var all) -> new SearchPredicate.All(all.stream().map(this::of).toList());
      case Criterion.Or(var one, var other) -> new SearchPredicate.Either(of(one), of(other));
      case Criterion.Not(var not) -> new SearchPredicate.Not(of(not));
      case Criterion.Fuzzy(var of) -> fuzzy(of);
      case Criterion.HasFlag(var flag) -> new OfIndex(m -> (m.flags() & flag.bit()) != 0);
      case Criterion.HasKeyword(var keyword) -> hasKeyword(keyword);
      case Criterion.Recent() -> new OfIndex(m -> view.isRecent(m.uid()));
      case Criterion.Numbered(var numbers) -> numbered(numbers);
      case Criterion.HasUid(var uids) -> hasUid(uids);
      case Criterion.InUids(var uids) -> new OfIndex(m -> uids.contains(m.uid()));
      case Criterion.ModSeqFrom(var modSeq) -> new OfIndex(m -> m.modSeq() >= modSeq);
      case Criterion.Larger(var octets) -> new OfIndex(m -> m.size() > octets);
      case Criterion.Smaller(var octets) -> new OfIndex(m -> m.size() < octets);
      case Criterion.HasContent(var content) -> new OfIndex(m -> m.contentId() == content.value());
      case Criterion.InternalTime(long time, boolean before) ->
          new OfIndex(m -> isReceived(m.internalDate(), time, before));
      case Criterion.SavedDay(var when, var day) ->
          new OfIndex(m -> when.holds(savedDay(m.saved()), day));
      case Criterion.InternalDay(var when, var day) ->
          new OfIndex(m -> when.holds(InternalDate.unpack(m.internalDate()).day(), day));
      case Criterion.SentDay(var when, var day) -> sentDay(sent -> when.holds(sent, day));
      // No field has an empty name.
      case Criterion.Header(var field, var _) when field.isEmpty() -> new OfIndex(_ -> false);
      case Criterion.Header(var field, var text) -> ofText(Term.field(field, text));
      case Criterion.Addresses(var field, var text) -> ofText(Term.addresses(field, text));
      case Criterion.Body(var text) -> anywhere(Term.body(text));
      case Criterion.Text(var text) -> anywhere(Term.text(text));
    };
  }

  private static boolean isReceived(long internalDate, long time, boolean before) {
    long received = InternalDate.unpack(internalDate).epochSecond();
    return before ? received <= time : received >= time;
  }

  private static LocalDate savedDay(long saved) {
    return LocalDate.ofInstant(Instant.ofEpochSecond(saved), ZoneOffset.UTC);
  }

  private SearchPredicate sentDay(Predicate<LocalDate> test) {
    readsSentDay = true;
    return new OfSentDay(test);
  }

  /** RFC 6203 §5: what is no text is compared exactly. */
  private SearchPredicate fuzzy(Criterion of) {
    boolean outer = fuzzy;
    fuzzy = true;
    var predicate = of(of);
    fuzzy = outer;
    return predicate;
  }

  private SearchPredicate ofText(Term term) {
    return new OfText(terms.add(fuzzy ? term.fuzzily() : term));
  }

  /** RFC 3501 §6.4.4 matches substrings; an empty one matches every text, even a missing one. */
  private SearchPredicate anywhere(Term term) {
    return term.text().isEmpty() ? new OfIndex(_ -> true) : ofText(term);
  }

  private SearchPredicate hasKeyword(String keyword) {
    var bit = index.keywords().bitOf(keyword);
    long mask = bit.isPresent() ? 1L << bit.getAsInt() : 0;
    return new OfIndex(m -> (m.flags() & mask) != 0);
  }

  /** Numbers without a message are no error here: they match nothing. */
  private SearchPredicate numbered(SequenceSet set) {
    var numbers = set.resolve(view.exists(index));
    return new OfIndex((Message m) -> numbers.contains(view.number(index, m.uid())));
  }

  private SearchPredicate hasUid(SequenceSet set) {
    var uids = view.uids(index, set);
    return new OfIndex(m -> uids.contains(m.uid()));
  }
}
