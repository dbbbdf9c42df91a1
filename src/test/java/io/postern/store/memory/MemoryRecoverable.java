package io.postern.store.memory;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageInfo;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Changed;
import io.postern.store.maintenance.Recoverable;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** The removed messages of a {@link MemoryStore}. */
public final class MemoryRecoverable implements Recoverable {
  private static final long SYSTEM =
      Arrays.stream(SystemFlag.values()).mapToLong(SystemFlag::bit).sum();

  /** One that was removed. */
  record Kept(long id, MailboxKey mailbox, MessageInfo message, Instant removed) {}

  private final MemoryStore store;

  public MemoryRecoverable(MemoryStore store) {
    this.store = store;
  }

  /** Keeps what is removed from a mailbox. */
  static void keep(MemoryStore store, MemoryMailbox box, Collection<MessageInfo> gone) {
    var kept = store.account(box.key.account()).recoverable;
    gone.forEach(m -> kept.add(new Kept(store.nextId(), box.key, m, Instant.now())));
  }

  @Override
  public Uni<List<Item>> list(AccountId account, long after, int limit) {
    return store.call(
        () ->
            store.account(account).recoverable.stream()
                .filter(kept -> kept.id > after)
                .limit(limit)
                .map(MemoryRecoverable::item)
                .toList());
  }

  private static Item item(Kept kept) {
    var m = kept.message;
    return new Item(
        kept.id,
        kept.mailbox.mailbox(),
        m.uid(),
        system(m.flags()),
        m.size(),
        m.internalDate(),
        kept.removed);
  }

  private static Flags system(long bits) {
    return Keywords.NONE.unpack(bits & SYSTEM);
  }

  @Override
  public Uni<Changed> restore(Collection<Long> ids, MailboxKey to) {
    return store.call(
        () -> {
          var box = store.box(to);
          var all = store.account(to.account()).recoverable;
          var back = all.stream().filter(kept -> ids.contains(kept.id)).toList();
          all.removeAll(back);
          var put =
              MemoryMessages.arriving(
                  back.stream().map(Kept::message).toList(),
                  box,
                  bits -> bits & SYSTEM & ~SystemFlag.DELETED.bit());
          return box.change(put, NumberSet.EMPTY);
        });
  }
}
