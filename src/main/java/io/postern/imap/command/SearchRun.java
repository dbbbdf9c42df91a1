package io.postern.imap.command;

import io.postern.imap.command.SearchPredicate.Message;
import io.postern.imap.command.SearchPredicate.Verdict;
import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.mime.text.SearchTerms;
import io.postern.model.Criterion;
import io.postern.model.Ids.ContentId;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.Contents;
import io.postern.store.index.MailboxIndex;
import io.postern.store.index.RowCursor;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds the messages that match a criterion. The index decides what it can; facts are loaded only
 * for the messages it can't decide, and bytes are read only for those the facts don't decide. Works
 * in time slices; after cancellation it finishes only the step that runs.
 */
final class SearchRun {
  /** Most code points in all texts of a program; their automata take about 2 MB. */
  static final int MAX_TEXT = 64 * 1024;

  /** Messages whose facts are held at once. */
  private static final int BATCH = 128;

  /** Messages whose bytes are held at once, if they are small. */
  private static final int BATCH_WITH_BYTES = 16;

  /** Octets of facts and messages that are held at once, the first message's aside. */
  private static final int BATCH_OCTETS = 4 * 1024 * 1024;

  private static final int SMALL = 64 * 1024;

  private final CommandContext context;
  private final View view;
  private final MailboxIndex index;
  private final SearchPredicate question;
  private final SearchTerms terms;
  private final TimeSlices slices;
  private final SearchBudget budget;
  private final BitSet found = new BitSet();
  private final BitSet undecided = new BitSet();

  private SearchRun(
      CommandContext context,
      View view,
      MailboxIndex index,
      SearchPredicate question,
      SearchTerms terms) {
    this.context = context;
    this.view = view;
    this.index = index;
    this.question = question;
    this.terms = terms;
    var eventLoop = context.connection().context();
    this.slices = new TimeSlices(task -> eventLoop.runOnContext(_ -> task.run()), System::nanoTime);
    long allowed = context.ports().live().now().imap().searchBudget().asLongValue();
    this.budget = new SearchBudget(allowed, terms.size());
  }

  /** The positions of the messages found, ascending. Fails with {@link SearchBudget.Exceeded}. */
  static Uni<int[]> positions(
      CommandContext context, View view, MailboxIndex index, Criterion criterion) {
    var questions = new SearchPredicates(view, index);
    var question = questions.of(criterion);
    if (questions.codePoints() > MAX_TEXT) {
      return Uni.createFrom()
          .failure(
              new SearchBudget.Exceeded(
                  "The texts of a search have at most " + MAX_TEXT + " characters in all."));
    }
    return new SearchRun(context, view, index, question, questions.terms()).positions();
  }

  private Uni<int[]> positions() {
    var rows = index.rows(0, view.present(index));
    return slices
        .repeat(() -> fromIndex(rows))
        .chain(this::fromContents)
        .map(_ -> found.stream().toArray());
  }

  private boolean fromIndex(RowCursor rows) {
    if (!rows.next()) {
      return false;
    }
    var message =
        new Message(
            rows.uid(),
            rows.flags(),
            rows.size(),
            rows.internalDate(),
            Optional.empty(),
            Optional.empty());
    decide(rows.position(), question.tryEvaluate(message));
    return true;
  }

  private void decide(int position, Verdict answer) {
    found.set(position, answer == Verdict.YES);
    undecided.set(position, answer == Verdict.UNKNOWN);
  }

  private Uni<Void> fromContents() {
    if (undecided.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return Multi.createBy()
        .repeating()
        // A disconnected client never has room: nothing more is read for it.
        .uni(() -> batch(next()).chain(() -> context.reply().room()).replaceWith(true))
        .whilst(_ -> !undecided.isEmpty())
        .onItem()
        .ignoreAsUni();
  }

  /** The positions of the next messages to load. */
  private int[] next() {
    return undecided.stream().limit(terms.readsBody() ? BATCH_WITH_BYTES : BATCH).toArray();
  }

  /** Octets of the largest content whose bytes are loaded with the facts. */
  private int bytes() {
    return terms.readsBody() ? SMALL : 0;
  }

  /** Decides those of the messages that there is memory for; the others stay undecided. */
  private Uni<Void> batch(int[] positions) {
    var ids = new LinkedHashSet<ContentId>();
    for (int at : positions) {
      ids.add(index.info(at).content());
    }
    var memory = context.reply().allowance(BATCH_OCTETS);
    return context
        .ports()
        .messages()
        .contents(view.mailbox().account(), ids, new Columns(false, bytes()), memory.octets())
        .invoke(it -> memory.keep(it.found().values().stream().mapToLong(Content::held).sum()))
        .chain(
            contents ->
                Multi.createFrom()
                    .items(reached(positions, contents).boxed())
                    .onItem()
                    .transformToUniAndConcatenate(at -> fromContent(at, contents.found()))
                    .onItem()
                    .ignoreAsUni())
        .onTermination()
        .invoke(memory::release);
  }

  /** The messages of a batch up to the first one that was left out of it. */
  private IntStream reached(int[] positions, Contents contents) {
    return Arrays.stream(positions)
        .takeWhile(at -> !contents.left().contains(index.info(at).content()));
  }

  /** A message whose content is gone meanwhile does not match. */
  private Uni<Void> fromContent(int position, Map<ContentId, Content> contents) {
    var info = index.info(position);
    var content = contents.get(info.content());
    if (content == null) {
      decide(position, Verdict.NO);
      return Uni.createFrom().voidItem();
    }
    var text = terms.search();
    var message =
        new Message(
            info.uid().value(),
            info.flags(),
            info.size(),
            info.internalDate().packed(),
            Optional.of(content),
            Optional.of(text));
    var scan =
        new SearchScan(
            slices,
            budget,
            context.ports().blobs(),
            new SearchScan.Text(content, terms, text),
            () -> question.tryEvaluate(message) != Verdict.UNKNOWN);
    return scan.run().invoke(() -> decide(position, question.tryEvaluate(message)));
  }
}
