package io.postern.imap.command;

import io.postern.imap.command.SearchPredicate.Message;
import io.postern.imap.command.SearchPredicate.Searched;
import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.mime.MessageFacts;
import io.postern.mime.search.IndexedText;
import io.postern.mime.search.SearchTerms;
import io.postern.model.Ids.ContentId;
import io.postern.model.message.Criterion;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.Contents;
import io.postern.store.Messages.HeaderColumns;
import io.postern.store.Messages.StoredHeader;
import io.postern.store.index.MailboxIndex;
import io.postern.store.index.RowCursor;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * Finds the messages that match a criterion. The index decides what it can; indexed texts, or the
 * headers stored with the facts where there are none, are loaded only for the messages it can't
 * decide, and bytes are read only for those that neither decides. Works in time slices; after
 * cancellation it finishes only the step that runs.
 */
final class SearchRun {
  /** Most code points in all texts of a program; their automata take about 2.5 MB. */
  static final int MAX_TEXT = 64 * 1024;

  /** Most words of a program that are searched for by resemblance: each costs time a letter. */
  static final int MAX_FUZZY_WORDS = 32;

  /** Index entries tested in one step; less than 0.1 ms. */
  private static final int ROWS = 64;

  /** Messages whose facts are held at once. */
  private static final int BATCH = 512;

  /** Messages whose bytes are held at once, if they are small. */
  private static final int BATCH_WITH_BYTES = 16;

  /** Octets of facts and messages that are held at once, the first message's aside. */
  private static final int BATCH_OCTETS = 4 * 1024 * 1024;

  private static final int SMALL = 64 * 1024;

  private final CommandContext context;
  private final View view;
  private final MailboxIndex index;
  private final SearchVerdicts verdicts;
  private final SearchTerms terms;

  /** What is read of a message before its content. */
  private final HeaderColumns columns;

  /**
   * Whether an indexed text, a stored header, or the day of its Date field, may decide a message.
   */
  private final boolean readsHeaders;

  private final TimeSlices slices;
  private final SearchBudget budget;
  private final Progress progress;
  private final ShownSizes sizes;

  private SearchRun(
      CommandContext context,
      View view,
      MailboxIndex index,
      SearchPredicate predicate,
      SearchPredicates compiled,
      ShownSizes sizes,
      SearchBudget budget) {
    this.context = context;
    this.view = view;
    this.index = index;
    this.sizes = sizes;
    this.terms = compiled.terms();
    this.verdicts = new SearchVerdicts(predicate, terms.ranks());
    this.columns =
        new HeaderColumns(terms.readsIndexedFields(), terms.readsSignature(), terms.readsFields());
    this.readsHeaders = columns.indexed() || terms.readsFields() || compiled.readsSentDay();
    this.slices = TimeSlices.on(context.connection());
    this.budget = budget.of(terms.needles());
    this.progress = new Progress(context);
  }

  /**
   * The positions of the messages found, ascending. Fails with {@link SearchBudget.Exceeded}.
   *
   * @param budget of which a part may be spent
   */
  static Uni<int[]> positions(
      CommandContext context,
      View view,
      MailboxIndex index,
      Criterion criterion,
      SearchBudget budget) {
    return found(context, view, index, criterion, budget, false).map(Ranked::positions);
  }

  /**
   * Messages found, and how relevant they are.
   *
   * @param positions ascending
   * @param relevancies by position, from 1 to 100
   */
  // An array on purpose: a list would cost an object per number.
  @SuppressWarnings("ArrayRecordComponent")
  record Ranked(int[] positions, IntUnaryOperator relevancies) {}

  /** The same messages, and how relevant they are (RFC 6203 §4): more of each is read for that. */
  static Uni<Ranked> ranked(
      CommandContext context,
      View view,
      MailboxIndex index,
      Criterion criterion,
      SearchBudget budget) {
    return found(context, view, index, criterion, budget, true);
  }

  private static Uni<Ranked> found(
      CommandContext context,
      View view,
      MailboxIndex index,
      Criterion criterion,
      SearchBudget budget,
      boolean rank) {
    var compiled = new SearchPredicates(view, index);
    if (rank) {
      compiled.rank();
    }
    var predicate = compiled.of(criterion);
    var excess = excess(compiled);
    if (excess.isPresent()) {
      return Uni.createFrom().failure(new SearchBudget.Exceeded(excess.get()));
    }
    boolean comparesSizes =
        criterion.mentions(Criterion.Larger.class) || criterion.mentions(Criterion.Smaller.class);
    var sizes = new ShownSizes(context, view, index, comparesSizes);
    return new SearchRun(context, view, index, predicate, compiled, sizes, budget).found();
  }

  private static Optional<String> excess(SearchPredicates compiled) {
    if (compiled.codePoints() > MAX_TEXT) {
      return Optional.of("The texts of a search have at most " + MAX_TEXT + " characters in all.");
    }
    return compiled.words() > MAX_FUZZY_WORDS
        ? Optional.of("The texts of a fuzzy search have at most " + MAX_FUZZY_WORDS + " words.")
        : Optional.empty();
  }

  private Uni<Ranked> found() {
    var rows = index.rows(0, view.present(index));
    return sizes
        .readUpTo(view.present(index))
        .chain(() -> slices.repeat(() -> fromIndex(rows)))
        .chain(this::fromHeaders)
        .chain(this::fromContents)
        .map(_ -> new Ranked(verdicts.found(), verdicts.relevancies(terms.isFuzzy())));
  }

  private boolean fromIndex(RowCursor rows) {
    for (int i = 0; i < ROWS; i++) {
      if (!rows.next()) {
        return false;
      }
      var message =
          new Message(
              rows.uid(),
              rows.flags(),
              rows.modSeq(),
              sizes.orStored(rows.position(), rows.size()),
              rows.internalDate(),
              rows.saved(),
              rows.content(),
              Optional.empty());
      verdicts.evaluate(rows.position(), message);
    }
    return true;
  }

  private SearchCandidate candidate(int position) {
    var info = index.info(position);
    return new SearchCandidate(position, info, sizes.orStored(position, info.size()));
  }

  private static Set<ContentId> contents(List<SearchCandidate> candidates) {
    var ids = LinkedHashSet.<ContentId>newLinkedHashSet(candidates.size());
    candidates.forEach(candidate -> ids.add(candidate.content()));
    return ids;
  }

  private Uni<Void> batches(BooleanSupplier more, Supplier<Uni<Void>> batch) {
    if (!more.getAsBoolean()) {
      return Uni.createFrom().voidItem();
    }
    return Multi.createBy()
        .repeating()
        // A disconnected client never has room: nothing more is read for it.
        .uni(() -> batch.get().chain(() -> context.reply().room()).replaceWith(true))
        .whilst(_ -> more.getAsBoolean())
        .onItem()
        .ignoreAsUni();
  }

  private Uni<Void> fromHeaders() {
    if (!readsHeaders) {
      return Uni.createFrom().voidItem();
    }
    var cursor = new HeaderCursor();
    return batches(cursor::more, () -> reported(cursor.next, cursor.batch()));
  }

  /**
   * Reports how far the search is, at times.
   *
   * @param steps it goes over the messages twice at most, for headers and for contents
   */
  private Uni<Void> reported(int steps, Uni<Void> batch) {
    progress.report(steps, 2L * index.size());
    return batch;
  }

  /** Goes once over the undecided messages and the headers stored with their facts. */
  private final class HeaderCursor {
    private int next;

    boolean more() {
      return verdicts.nextUndecided(next) >= 0;
    }

    /** Messages whose headers there is memory for, whatever their length; one at least. */
    private List<SearchCandidate> candidates(long octets) {
      var candidates = new ArrayList<SearchCandidate>();
      long held = 0;
      int at = verdicts.nextUndecided(next);
      while (at >= 0 && candidates.size() < BATCH) {
        var candidate = candidate(at);
        held +=
            columns.header()
                ? Math.min(candidate.info().size(), MessageFacts.MAX_HEADER)
                : IndexedText.MAX_LENGTH;
        if (held > octets && !candidates.isEmpty()) {
          break;
        }
        candidates.add(candidate);
        next = at + 1;
        at = verdicts.nextUndecided(next);
      }
      return candidates;
    }

    Uni<Void> batch() {
      var memory = context.reply().allowance(BATCH_OCTETS);
      var candidates = candidates(memory.octets());
      return context
          .ports()
          .messages()
          .headers(view.mailbox().account(), contents(candidates), columns)
          .invoke(headers -> memory.keep(octets(headers)))
          .chain(
              headers ->
                  slices.repeat(
                      new SearchHeaderPass(verdicts, budget, terms, candidates, headers)::step))
          .onTermination()
          .invoke(memory::release);
    }

    private static long octets(Map<ContentId, StoredHeader> headers) {
      return headers.values().stream().mapToLong(StoredHeader::held).sum();
    }
  }

  private Uni<Void> fromContents() {
    return batches(
        () -> verdicts.nextUndecided(0) >= 0,
        () -> reported(index.size() + verdicts.nextUndecided(0), batch()));
  }

  /** Octets of the largest content whose bytes are loaded with the facts. */
  private int bytes() {
    return terms.readsBody() ? SMALL : 0;
  }

  /** Decides those of the next messages that there is memory for; the others stay undecided. */
  private Uni<Void> batch() {
    var candidates =
        verdicts
            .undecided()
            .limit(terms.readsBody() ? BATCH_WITH_BYTES : BATCH)
            .mapToObj(this::candidate)
            .toList();
    var memory = context.reply().allowance(BATCH_OCTETS);
    var columns = new Columns(false, terms.readsHeader(), bytes());
    return context
        .ports()
        .messages()
        .contents(view.mailbox().account(), contents(candidates), columns, memory.octets())
        .invoke(it -> memory.keep(it.found().values().stream().mapToLong(Content::held).sum()))
        .chain(
            contents ->
                Multi.createFrom()
                    .items(candidates.stream().takeWhile(it -> isLoaded(it, contents)))
                    .onItem()
                    .transformToUniAndConcatenate(it -> fromContent(it, contents.found()))
                    .onItem()
                    .ignoreAsUni())
        .onTermination()
        .invoke(memory::release);
  }

  private static boolean isLoaded(SearchCandidate candidate, Contents contents) {
    return !contents.left().contains(candidate.content());
  }

  /** A message whose content is gone meanwhile does not match. */
  private Uni<Void> fromContent(SearchCandidate candidate, Map<ContentId, Content> contents) {
    var content = contents.get(candidate.content());
    if (content == null) {
      verdicts.reject(candidate.position());
      return Uni.createFrom().voidItem();
    }
    var text = terms.search();
    var message = candidate.with(new Searched(content.facts().sent(), text));
    var scan =
        new SearchScan(
            slices,
            budget,
            context.ports().blobs(),
            new SearchScan.Text(content, terms, text),
            () -> verdicts.isDecided(message));
    return scan.run().invoke(() -> verdicts.evaluate(candidate.position(), message));
  }
}
