package io.postern.store.sharing;

import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.Rights;
import io.postern.store.Destination;
import io.postern.store.Messages;
import io.postern.store.Messages.Appended;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.Contents;
import io.postern.store.Messages.Copied;
import io.postern.store.Messages.NewMessage;
import io.postern.store.Staged;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.index.MailboxIndex;
import io.postern.store.index.MailboxIndexes;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Copies messages from one account to another: all or none. Their facts are read and written; their
 * octets stay where they are, as those of a message that was delivered to both.
 */
public final class AcrossAccounts {
  /** Most messages that are copied at once. */
  public static final int MOST = 1_000;

  /** Most octets of their facts, which are in memory meanwhile. */
  static final long MOST_OCTETS = 16 * 1024 * 1024;

  /** All facts, and where the octets are, which is known after a read of them. */
  private static final Columns WITH_BLOBS = new Columns(true, Columns.STREAMED);

  private final Messages stored;
  private final MailboxIndexes indexes;

  /**
   * @param stored messages as they are stored
   */
  public AcrossAccounts(Messages stored, MailboxIndexes indexes) {
    this.stored = stored;
    this.indexes = indexes;
  }

  /** Where messages go, and what the user may do there. */
  record Target(Destination to, Rights rights) {}

  /** Fails with {@link StoreFailure.LimitReached}, and as an append does. */
  Uni<Copied> copy(MailboxKey from, NumberSet uids, Target target) {
    return indexes.current(from).chain(index -> copy(from, index, positions(index, uids), target));
  }

  private static int[] positions(MailboxIndex index, NumberSet uids) {
    var present = index.present(uids);
    if (present.size() > MOST) {
      throw tooMany();
    }
    return present.stream().mapToInt(index::countBelow).toArray();
  }

  private static StoreException tooMany() {
    return new StoreException(
        new StoreFailure.LimitReached("messages in one COPY to another user", MOST));
  }

  private Uni<Copied> copy(MailboxKey from, MailboxIndex index, int[] positions, Target target) {
    var ids = new LinkedHashSet<ContentId>();
    for (int position : positions) {
      ids.add(index.contentAt(position));
    }
    var read =
        ids.isEmpty()
            ? Uni.createFrom().item(new Contents(Map.of(), Set.of()))
            : stored.contents(from.account(), ids, WITH_BLOBS, MOST_OCTETS);
    return read.chain(contents -> append(from, index, positions, contents, target));
  }

  private Uni<Copied> append(
      MailboxKey from, MailboxIndex index, int[] positions, Contents contents, Target target) {
    if (!contents.left().isEmpty()) {
      throw tooMany();
    }
    var uids = new NumberSet.Builder();
    var messages = new ArrayList<NewMessage>();
    for (int position : positions) {
      var content = Optional.ofNullable(contents.found().get(index.contentAt(position)));
      if (content.isPresent()) {
        uids.add(index.uid(position));
        var flags = index.keywords().unpack(index.flags(position));
        messages.add(
            new NewMessage(
                staged(content.get()),
                SharedMessages.permitted(flags, target.rights),
                index.internalDateAt(position)));
      }
    }
    return messages.isEmpty()
        ? Uni.createFrom().item(nothing(from, index))
        : stored.append(target.to, messages).map(it -> copied(uids.build(), it));
  }

  /** No mailbox was changed, and none was looked up. */
  private static Copied nothing(MailboxKey from, MailboxIndex index) {
    return new Copied(
        from,
        index.uidValidity(),
        NumberSet.EMPTY,
        NumberSet.EMPTY,
        Optional.empty(),
        Optional.empty());
  }

  private static Staged staged(Content content) {
    return new Staged(
        content
            .bytes()
            .<Staged.Bytes>map(Staged.Bytes.Inline::new)
            .orElseGet(() -> stored(content)),
        content.facts());
  }

  private static Staged.Bytes stored(Content content) {
    return content.prefix().length() == 0
        ? new Staged.Bytes.Stored(content.blob())
        : new Staged.Bytes.Prefixed(content.prefix(), content.blob());
  }

  private static Copied copied(NumberSet from, Appended appended) {
    var change = appended.change();
    var to = new NumberSet.Builder();
    for (int i = 0; i < change.changed().size(); i++) {
      to.add(change.changed().uid(i));
    }
    return new Copied(
        appended.mailbox(),
        change.state().uidValidity(),
        from,
        to.build(),
        Optional.of(change),
        Optional.empty());
  }
}
