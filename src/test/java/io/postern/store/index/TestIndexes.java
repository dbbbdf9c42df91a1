package io.postern.store.index;

import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.UidValidity;
import io.postern.model.message.InternalDate;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.MessageInfo;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.Loaded;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Mailboxes, changes and comparisons made for tests of the index. */
final class TestIndexes {
  private TestIndexes() {}

  static final UidValidity VALIDITY = new UidValidity(7);

  /** Columns of these UIDs, all else made up of them. */
  static MessageColumns rows(long modSeq, long flags, long... uids) {
    var builder = new MessageColumns.Builder(uids.length);
    for (long uid : uids) {
      builder.add(
          uid,
          flags,
          modSeq,
          (int) uid * 10,
          new InternalDate(uid, 90).packed(),
          uid * 3,
          uid + 1_000_000);
    }
    return builder.build();
  }

  /** A mailbox of the UIDs 1 to this, all unseen, at the mod-sequence. */
  static Loaded loaded(int count, long modSeq) {
    var uids = IntStream.rangeClosed(1, count).asLongStream().toArray();
    return new Loaded(state(count, count + 1L, modSeq), rows(modSeq, 0, uids), Keywords.NONE);
  }

  static MailboxState state(int exists, long uidNext, long modSeq) {
    return new MailboxState(VALIDITY, uidNext, new ModSeq(modSeq), exists, exists, 0, 1);
  }

  /** The next change after an index. */
  static Changed change(MailboxIndex index, MessageColumns changed, NumberSet gone) {
    long modSeq = index.modSeq().value() + 1;
    long last = changed.size() == 0 ? 0 : changed.uid(changed.size() - 1);
    var state = state(index.size(), Math.max(index.uidNext(), last + 1), modSeq);
    return new Changed(state, index.modSeq(), new ModSeq(modSeq), changed, gone, index.keywords());
  }

  /** All that is in the index, read in one go. */
  static List<MessageInfo> infos(MailboxIndex index) {
    var infos = new ArrayList<MessageInfo>();
    for (var rows = index.rows(); rows.next(); ) {
      var columns =
          new MessageColumns.Builder(1)
              .add(
                  rows.uid(),
                  rows.flags(),
                  rows.modSeq(),
                  rows.size(),
                  rows.internalDate(),
                  rows.saved(),
                  rows.content())
              .build();
      infos.add(columns.info(0));
    }
    return infos;
  }

  static List<MessageInfo> infos(MessageColumns columns) {
    return IntStream.range(0, columns.size()).mapToObj(columns::info).toList();
  }
}
