package io.postern.imap.command;

import io.postern.mime.search.MessageSearch;
import io.postern.mime.search.SearchTerms;
import io.postern.mime.search.SearchedRange;
import io.postern.mime.text.RangeSearch;
import io.postern.store.Blobs;
import io.postern.store.Messages.Content;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Searches one message for all terms of a program at once. Reads its octets in order, at most once,
 * and only until the program is decided. Content stored with the facts is not read again.
 */
final class SearchScan {
  /** Octets searched in one step; some 0.1 ms. */
  private static final int PIECE = 4 * 1024;

  /** Gaps up to so many octets between ranges are read too: another call would cost more. */
  private static final int GAP = 16 * 1024;

  private final TimeSlices slices;
  private final SearchBudget budget;
  private final Blobs blobs;
  private final Content content;
  private final MessageSearch search;
  private final BooleanSupplier decides;
  private final List<Span> spans;
  private int hits;
  private boolean decided;

  /** The content searched, the terms, and the matches so far. */
  record Text(Content content, SearchTerms terms, MessageSearch search) {}

  /**
   * @param decides whether the facts and the matches so far decide the program
   */
  SearchScan(
      TimeSlices slices, SearchBudget budget, Blobs blobs, Text text, BooleanSupplier decides) {
    this.slices = slices;
    this.budget = budget;
    this.blobs = blobs;
    this.content = text.content();
    this.search = text.search();
    this.decides = decides;
    this.spans = spans(text.terms().ranges(content.facts().parts()));
  }

  private List<Span> spans(List<SearchedRange> ranges) {
    var spans = new ArrayList<Span>();
    int end = 0;
    for (var range : ranges) {
      boolean near = range.octets().start() - end <= GAP;
      // The header comes from the facts; a program that searches only the header ends there.
      if (!near || spans.isEmpty() || spans.getLast().isHeader()) {
        spans.add(new Span());
      }
      spans.getLast().ranges.add(range);
      end = range.octets().end();
    }
    return spans;
  }

  /** Searches the ranges that are needed. Fails with {@link SearchBudget.Exceeded}. */
  Uni<Void> run() {
    return slices
        .repeat(this::begin)
        .chain(
            () ->
                Multi.createFrom()
                    .iterable(spans)
                    .onItem()
                    .transformToUniAndConcatenate(span -> look(span).replaceWith(true))
                    .select()
                    .first(_ -> !decided)
                    .onItem()
                    .ignoreAsUni())
        .invoke(search::bodyOver);
  }

  private boolean begin() {
    if (spans.isEmpty() || !spans.getFirst().isHeader()) {
      search.headerOver();
    }
    decided = decides.getAsBoolean();
    return false;
  }

  private Uni<Void> look(Span span) {
    return Multi.createFrom()
        .iterable(decided ? List.of() : sources(span))
        .onItem()
        .transformToMultiAndConcatenate(source -> source)
        .onItem()
        .transformToUniAndConcatenate(piece -> slices.repeat(span.feed(piece)).replaceWith(true))
        .select()
        .first(_ -> !decided)
        .onItem()
        .ignoreAsUni()
        .chain(() -> slices.repeat(span::finish));
  }

  /** The octets of a span; those of a header stored with the facts come first. */
  private List<Multi<Buffer>> sources(Span span) {
    int start = span.ranges.getFirst().octets().start();
    int end = span.ranges.getLast().octets().end();
    if (!span.isHeader()) {
      return List.of(content.read(blobs, start, end - start));
    }
    var kept = Multi.createFrom().item(content.facts().header());
    int rest = start + content.facts().header().length();
    return rest < end ? List.of(kept, content.read(blobs, rest, end - rest)) : List.of(kept);
  }

  private void note() {
    if (search.hits() > hits) {
      hits = search.hits();
      decided = decided || decides.getAsBoolean();
    }
  }

  /** Ranges that are read together; their octets arrive in order, cut anywhere. */
  private final class Span {
    private final List<SearchedRange> ranges = new ArrayList<>();
    private Optional<RangeSearch> range = Optional.empty();
    private int next;

    /** Whether all octets of the range have arrived. */
    private boolean ended;

    /** The next octet to arrive, counted from the message's first; -1 before the first. */
    private int at = -1;

    boolean isHeader() {
      return ranges.getFirst().kind() == SearchedRange.Kind.HEADER;
    }

    /** The steps that search the next octets. */
    BooleanSupplier feed(Buffer octets) {
      at = at < 0 ? ranges.getFirst().octets().start() : at;
      int end = at + octets.length();
      return () -> !decided && next < ranges.size() && step(octets, end);
    }

    /** A step after the last octets, mostly of pending work; false when nothing is left. */
    boolean finish() {
      if (decided || next == ranges.size()) {
        return false;
      }
      if (!advance() && !ended) {
        range.ifPresent(RangeSearch::finish);
        ended = true;
      }
      return true;
    }

    private boolean step(Buffer octets, int end) {
      if (advance()) {
        return true;
      }
      var wanted = ranges.get(next).octets();
      if (at < wanted.start()) {
        at = Math.min(end, wanted.start());
      }
      int length = Math.min(PIECE, Math.min(end, wanted.end()) - at);
      if (length > 0) {
        int from = octets.length() - (end - at);
        take(octets.slice(from, from + length));
        ended = at == wanted.end();
      }
      return length > 0;
    }

    private void take(Buffer octets) {
      budget.spend(octets.length());
      var looks = range.orElseGet(() -> search.begin(ranges.get(next)));
      range = Optional.of(looks);
      looks.feed(octets);
      at += octets.length();
      if (at == ranges.get(next).octets().end()) {
        looks.finish();
      }
      note();
    }

    /** Does a step of pending work, or moves to the next range; false when there is neither. */
    private boolean advance() {
      if (range.filter(RangeSearch::pending).isPresent()) {
        range.ifPresent(RangeSearch::advance);
        note();
        return true;
      }
      if (!ended) {
        return false;
      }
      if (isHeader()) {
        search.headerOver();
        decided = decided || decides.getAsBoolean();
      }
      range = Optional.empty();
      ended = false;
      next++;
      return true;
    }
  }
}
