package io.postern.imap.command;

import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.mime.Envelope;
import io.postern.mime.EnvelopeReader;
import io.postern.mime.header.HeaderSubset;
import io.postern.mime.header.MessageIds;
import io.postern.mime.text.StrippedSubject;
import io.postern.mime.text.UnicodeCasemap;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Threads messages (RFC 5256 §3) by the facts and headers that are stored with them: no bytes are
 * read. Works in time slices.
 *
 * <p>Siblings are in the order of their sent dates. So all messages are sorted by that once, and
 * are then added to the tree in this order; no set of siblings is sorted by itself.
 */
final class ThreadRun {
  /** Octets of all subjects and message ids that one THREAD compares. */
  static final int MAX_OCTETS = 16 * 1024 * 1024;

  /** Messages that one step handles. */
  private static final int STEP = 64;

  private static final int ROOT = ThreadTree.ROOT;

  /** How messages are threaded. */
  enum Algorithm {
    ORDEREDSUBJECT,
    REFERENCES
  }

  private final Algorithm algorithm;
  private final MailboxIndex index;
  private final int[] positions;
  private final int count;
  private final TimeSlices slices;
  private final long[] sent;
  private final String[] subjects;
  private final boolean[] replies;
  private final String[] ids;
  private final List<List<String>> references;
  private final HeldTexts held;

  private ThreadRun(
      Algorithm algorithm, MailboxIndex index, int[] positions, TimeSlices slices, HeldTexts held) {
    this.held = held;
    this.algorithm = algorithm;
    this.index = index;
    this.positions = positions;
    this.count = positions.length;
    this.slices = slices;
    this.sent = new long[count];
    this.subjects = filled(count);
    this.replies = new boolean[count];
    this.ids = filled(count);
    this.references = new ArrayList<>(Collections.nCopies(count, List.of()));
  }

  private static String[] filled(int count) {
    var texts = new String[count];
    Arrays.fill(texts, "");
    return texts;
  }

  /**
   * The threads as {@link ThreadTree.Writer#tokens}, by place in the positions. Fails with {@link
   * SearchBudget.Exceeded}.
   */
  static Uni<long[]> threads(
      CommandContext context, View view, MailboxIndex index, int[] positions, Algorithm algorithm) {
    var slices = TimeSlices.on(context.connection());
    var held = new HeldTexts("THREAD", MAX_OCTETS, context.connection().out().holding());
    var run = new ThreadRun(algorithm, index, positions, slices, held);
    var columns = new Columns(true, algorithm == Algorithm.REFERENCES, 0);
    var sort = new MergeSort(positions.length, run::compare);
    return new ContentScan(context, view, index, positions, columns, slices)
        .run(run::take)
        .chain(() -> slices.repeat(sort::step))
        .chain(() -> run.tree(sort.sorted()))
        .chain(
            tree -> {
              var writer = tree.writer();
              return slices.repeat(writer::step).map(_ -> writer.tokens());
            })
        .onTermination()
        .invoke(held::release);
  }

  private int compare(int one, int other) {
    return Long.compare(sent[one], sent[other]);
  }

  private void take(int at, Optional<Content> content) {
    var envelope = content.map(it -> EnvelopeReader.read(it.facts().envelope()));
    sent[at] = SortKey.sent(envelope, index.internalDateAt(positions[at]));
    var subject = StrippedSubject.of(envelope.flatMap(Envelope::subject).orElse(""));
    subjects[at] = new String(UnicodeCasemap.key(subject.text()), StandardCharsets.UTF_8);
    replies[at] = subject.isReply();
    long octets = subjects[at].length();
    if (algorithm == Algorithm.REFERENCES && content.isPresent()) {
      ids[at] = first(envelope.flatMap(Envelope::messageId)).orElse("");
      references.set(at, references(content.get(), envelope.orElseThrow()));
      octets += ids[at].length() + references.get(at).stream().mapToInt(String::length).sum();
    }
    held.add(octets);
  }

  private static Optional<String> first(Optional<String> value) {
    return value.map(MessageIds::read).flatMap(ids -> ids.stream().findFirst());
  }

  /** RFC 5256 §3, REFERENCES: of References, or else the first one of In-Reply-To. */
  private static List<String> references(Content content, Envelope envelope) {
    var field = HeaderSubset.of(content.facts().header(), List.of("References"), true);
    var references = MessageIds.read(field.toString(StandardCharsets.ISO_8859_1));
    return references.isEmpty()
        ? first(envelope.inReplyTo()).map(List::of).orElse(List.of())
        : List.copyOf(references);
  }

  private Uni<ThreadTree> tree(int[] order) {
    if (algorithm == Algorithm.ORDEREDSUBJECT) {
      var tree = new ThreadTree(count, count);
      var threads = new HashMap<String, Integer>();
      return each(
              order,
              message -> {
                var root = threads.putIfAbsent(subjects[message], message);
                tree.add(message, root == null ? ROOT : root);
              })
          .replaceWith(tree);
    }
    var links = new ReferenceLinks(count);
    int[] ascending = new int[count];
    Arrays.setAll(ascending, i -> i);
    return each(ascending, message -> name(links, message))
        .chain(() -> each(ascending, message -> links.link(message, references.get(message))))
        .chain(
            () -> {
              var threads = new ReferenceThreads(count, links, subjects, replies);
              return each(ascending, threads::place)
                  .chain(() -> each(order, threads::count))
                  .chain(() -> each(order, threads::enter))
                  .chain(() -> each(order, threads::merge))
                  .chain(
                      () -> {
                        var tree = new ThreadTree(count, threads.nodes());
                        return each(order, message -> tree.add(message, threads.parent(message)))
                            .replaceWith(tree);
                      });
            });
  }

  private void name(ReferenceLinks links, int message) {
    if (!ids[message].isEmpty()) {
      links.name(message, ids[message]);
    }
  }

  /** Does something for each message, in time slices. */
  private Uni<Void> each(int[] messages, IntConsumer work) {
    int[] at = {0};
    return slices.repeat(
        () -> {
          int end = Math.min(messages.length, at[0] + STEP);
          while (at[0] < end) {
            work.accept(messages[at[0]++]);
          }
          return at[0] < messages.length;
        });
  }
}
