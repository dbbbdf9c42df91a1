package io.postern.imap.command;

import io.postern.imap.command.SearchQuestion.Answer;
import io.postern.imap.command.SearchQuestion.Message;
import io.postern.imap.session.Turn;
import io.postern.imap.session.View;
import io.postern.model.Criterion;
import io.postern.model.Ids.ContentId;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.Wanted;
import io.postern.store.index.MailboxIndex;
import io.postern.store.index.Rows;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the messages that a criterion means. The index decides all that it can; only of those it
 * can't are facts loaded, and only of those the facts don't decide are bytes read.
 */
final class SearchRun {
  /** Messages whose facts are held at once. */
  private static final int BATCH = 128;

  /** Messages whose bytes are held at once, as far as they are small. */
  private static final int BATCH_WITH_BYTES = 16;

  private static final int SMALL = 64 * 1024;

  private final Turn turn;
  private final View view;
  private final MailboxIndex index;
  private final SearchQuestion question;
  private final BitSet found = new BitSet();
  private final BitSet undecided = new BitSet();

  SearchRun(Turn turn, View view, MailboxIndex index, Criterion criterion) {
    this.turn = turn;
    this.view = view;
    this.index = index;
    this.question = new SearchQuestions(view, index, turn.ports().blobs()).of(criterion);
  }

  /** The positions of the messages found, ascending. */
  Uni<int[]> positions() {
    int known = view.present(index);
    var rows = index.rows(0, known);
    return turn.reply()
        .each(known, _ -> fromIndex(rows))
        .chain(this::fromContents)
        .map(_ -> found.stream().toArray());
  }

  private void fromIndex(Rows rows) {
    rows.next();
    var message =
        new Message(rows.uid(), rows.flags(), rows.size(), rows.internalDate(), Optional.empty());
    decide(rows.position(), question.known(message));
  }

  private boolean decide(int position, Answer answer) {
    found.set(position, answer == Answer.YES);
    undecided.set(position, answer == Answer.UNKNOWN);
    return answer != Answer.UNKNOWN;
  }

  private Uni<Void> fromContents() {
    int[] open = undecided.stream().toArray();
    int size = question.readsBytes() ? BATCH_WITH_BYTES : BATCH;
    return Multi.createFrom()
        .range(0, (open.length + size - 1) / size)
        .map(b -> Arrays.copyOfRange(open, b * size, Math.min(open.length, (b + 1) * size)))
        .onItem()
        // For a client that is gone there is never room: nothing more is read for it.
        .transformToUniAndConcatenate(some -> batch(some).chain(() -> turn.reply().room()))
        .onItem()
        .ignoreAsUni();
  }

  private Uni<Void> batch(int[] positions) {
    var wanted = new Wanted(false, question.readsBytes() ? SMALL : 0);
    var ids = new HashSet<ContentId>();
    for (int at : positions) {
      ids.add(index.info(at).content());
    }
    return turn.ports()
        .messages()
        .contents(view.mailbox().account(), ids, wanted)
        .chain(
            contents ->
                Multi.createFrom()
                    .items(Arrays.stream(positions).filter(at -> open(at, contents)).boxed())
                    .onItem()
                    .transformToUniAndConcatenate(at -> fromBytes(at, contents))
                    .onItem()
                    .ignoreAsUni());
  }

  /** Whether facts leave it open; a message whose content is gone meanwhile is not found. */
  private boolean open(int position, Map<ContentId, Content> contents) {
    return message(position, contents)
        .filter(message -> !decide(position, question.known(message)))
        .isPresent();
  }

  private Uni<Void> fromBytes(int position, Map<ContentId, Content> contents) {
    return question
        .looked(message(position, contents).orElseThrow())
        .invoke(yes -> decide(position, Answer.of(yes)))
        .replaceWithVoid();
  }

  private Optional<Message> message(int position, Map<ContentId, Content> contents) {
    var info = index.info(position);
    return Optional.ofNullable(contents.get(info.content()))
        .map(
            content ->
                new Message(
                    info.uid().value(),
                    info.flags(),
                    info.size(),
                    info.internalDate().packed(),
                    Optional.of(content)));
  }
}
