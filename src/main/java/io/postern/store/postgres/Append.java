package io.postern.store.postgres;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.MessageColumns;
import io.postern.model.NumberSet;
import io.postern.model.SystemFlag;
import io.postern.model.Uid;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.NewMessage;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.postgres.tx.Tx.Statements;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Puts the messages of several appends into one mailbox, all or none. */
final class Append {
  private final Statements statements;
  private final InstantSource clock;
  private final List<List<NewMessage>> appends;

  Append(Statements statements, InstantSource clock, List<List<NewMessage>> appends) {
    this.statements = statements;
    this.clock = clock;
    this.appends = appends;
  }

  /** The bytes go first and the row lock comes last, held for one more trip to the commit. */
  Future<List<Changed>> to(MailboxKey mailbox) {
    var staged = appends.stream().flatMap(List::stream).map(NewMessage::staged).toList();
    var contents = ContentRows.insert(statements, mailbox.account(), staged);
    var locked = Counters.lock(statements, mailbox);
    return contents.compose(ids -> locked.compose(before -> write(before, ids)));
  }

  private Future<List<Changed>> write(Counters before, long[] contents) {
    var answers = new ArrayList<Changed>(appends.size());
    var counters = before;
    int used = 0;
    for (var messages : appends) {
      for (var message : messages) {
        counters = counters.knowing(message.flags());
      }
      var columns = columns(counters, messages, contents, used);
      var after = after(counters, messages, columns);
      answers.add(changed(counters, after, columns));
      counters = after;
      used += messages.size();
    }
    return Future.all(
            MessageRows.insert(statements, before.key(), joined(answers)),
            counters.save(statements),
            statements.commit())
        .map(List.copyOf(answers));
  }

  private static Counters after(
      Counters before, List<NewMessage> messages, MessageColumns columns) {
    if (messages.isEmpty()) {
      return before;
    }
    int unseen = 0;
    long size = 0;
    for (var message : messages) {
      unseen += message.flags().has(SystemFlag.SEEN) ? 0 : 1;
      size += message.staged().facts().size();
    }
    return before.plus(columns.size(), unseen, size);
  }

  private MessageColumns columns(
      Counters counters, List<NewMessage> messages, long[] contents, int used) {
    long uid = counters.state().uidNext();
    if (uid + messages.size() - 1 > Uid.MAX) {
      throw new StoreException(new StoreFailure.LimitReached("UIDs", Uid.MAX));
    }
    long now = clock.instant().getEpochSecond();
    var columns = new MessageColumns.Builder(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      var message = messages.get(i);
      columns.add(
          uid + i,
          counters.keywords().pack(message.flags()),
          counters.modSeq() + 1,
          message.staged().facts().size(),
          message.internalDate().packed(),
          now,
          contents[used + i]);
    }
    return columns.build();
  }

  private static MessageColumns joined(List<Changed> answers) {
    if (answers.size() == 1) {
      return answers.getFirst().changed();
    }
    var all = new MessageColumns.Builder(answers.size());
    for (var answer : answers) {
      for (int i = 0; i < answer.changed().size(); i++) {
        all.add(answer.changed().info(i));
      }
    }
    return all.build();
  }

  /** What came of a step from one state of the counters to the next. */
  static Changed changed(Counters before, Counters after, MessageColumns changed) {
    return new Changed(
        after.state(),
        before.state().highestModSeq(),
        after.state().highestModSeq(),
        changed,
        NumberSet.EMPTY,
        after.keywords());
  }
}
