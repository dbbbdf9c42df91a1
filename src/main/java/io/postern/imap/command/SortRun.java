package io.postern.imap.command;

import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.mime.Envelope;
import io.postern.mime.EnvelopeReader;
import io.postern.mime.text.UnicodeCasemap;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Sorts messages by the facts that were computed at delivery: no bytes are read. Works in time
 * slices; what is compared is held in memory, up to {@link #MAX_OCTETS}.
 */
final class SortRun {
  /** Octets of all texts that one SORT compares, with those of the objects that hold them. */
  static final int MAX_OCTETS = 16 * 1024 * 1024;

  /** What an array takes besides its elements, and the reference to it. */
  private static final int OVERHEAD = 24;

  /**
   * A criterion.
   *
   * @param reverse whether the order is descending
   */
  record Criterion(SortKey key, boolean reverse) {}

  private final MailboxIndex index;
  private final ShownSizes sizes;
  private final int[] positions;
  private final IntUnaryOperator relevancies;
  private final List<Criterion> criteria;
  private final List<long[]> numbers = new ArrayList<>();
  private final List<byte[][]> texts = new ArrayList<>();
  private final HeldTexts held;

  private SortRun(
      MailboxIndex index,
      ShownSizes sizes,
      SearchRun.Ranked messages,
      List<Criterion> criteria,
      HeldTexts held) {
    this.held = held;
    this.relevancies = messages.relevancies();
    this.index = index;
    this.sizes = sizes;
    this.positions = messages.positions();
    this.criteria = distinct(criteria);
    for (var criterion : this.criteria) {
      boolean number = criterion.key().isNumber();
      numbers.add(new long[number ? positions.length : 0]);
      texts.add(new byte[number ? 0 : positions.length][]);
    }
  }

  /** Without those of a key that came before: they never decide. */
  private static List<Criterion> distinct(List<Criterion> criteria) {
    var byKey = new LinkedHashMap<SortKey, Criterion>();
    criteria.forEach(it -> byKey.putIfAbsent(it.key(), it));
    return List.copyOf(byKey.values());
  }

  /** The positions in order. Fails with {@link SearchBudget.Exceeded}. */
  static Uni<int[]> sorted(
      CommandContext context,
      View view,
      MailboxIndex index,
      SearchRun.Ranked messages,
      List<Criterion> criteria) {
    var positions = messages.positions();
    var slices = TimeSlices.on(context.connection());
    boolean comparesSizes = criteria.stream().anyMatch(it -> it.key() == SortKey.SIZE);
    var sizes = new ShownSizes(context, view, index, comparesSizes);
    var held = new HeldTexts("SORT", MAX_OCTETS, context.connection().out().holding());
    var run = new SortRun(index, sizes, messages, criteria, held);
    boolean fromIndex = criteria.stream().allMatch(it -> it.key().isInIndex());
    var read =
        fromIndex
            ? slices.repeat(run.new FromIndex()::step)
            : new ContentScan(context, view, index, positions, new Columns(true, false, 0), slices)
                .run(run::take);
    var sort = new MergeSort(positions.length, run::compare);
    return sizes
        .read(positions)
        .chain(() -> read)
        .chain(() -> slices.repeat(sort::step))
        .map(_ -> run.positions(sort.sorted()))
        .onTermination()
        .invoke(held::release);
  }

  private int[] positions(int[] order) {
    int[] sorted = new int[order.length];
    Arrays.setAll(sorted, i -> positions[order[i]]);
    return sorted;
  }

  private final class FromIndex {
    private int at;

    boolean step() {
      if (at < positions.length) {
        take(at++, Optional.empty());
      }
      return at < positions.length;
    }
  }

  private void take(int at, Optional<Content> content) {
    var envelope = content.map(it -> EnvelopeReader.read(it.facts().envelope()));
    for (int i = 0; i < criteria.size(); i++) {
      var key = criteria.get(i).key();
      if (key.isNumber()) {
        numbers.get(i)[at] = number(key, at, envelope);
      } else {
        var text = UnicodeCasemap.key(envelope.map(key::text).orElse(""));
        texts.get(i)[at] = text;
        held.add(text.length + OVERHEAD);
      }
    }
  }

  private long number(SortKey key, int at, Optional<Envelope> envelope) {
    var received = index.internalDateAt(positions[at]);
    return switch (key) {
      case ARRIVAL -> received.epochSecond();
      case SIZE -> sizes.orStored(positions[at], index.sizeAt(positions[at]));
      // RFC 6203 §6: the most relevant one is first.
      case RELEVANCY -> -relevancies.applyAsInt(positions[at]);
      case DATE -> SortKey.sent(envelope, received);
      case CC, FROM, TO, DISPLAYFROM, DISPLAYTO, SUBJECT ->
          throw new IllegalStateException(key + " is a text");
    };
  }

  private int compare(int one, int other) {
    for (int i = 0; i < criteria.size(); i++) {
      var criterion = criteria.get(i);
      int order =
          criterion.key().isNumber()
              ? Long.compare(numbers.get(i)[one], numbers.get(i)[other])
              : Arrays.compareUnsigned(texts.get(i)[one], texts.get(i)[other]);
      if (order != 0) {
        return criterion.reverse() ? -order : order;
      }
    }
    return 0;
  }
}
