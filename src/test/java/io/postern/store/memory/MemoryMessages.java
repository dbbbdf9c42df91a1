package io.postern.store.memory;

import static io.postern.store.memory.MemoryStore.failure;

import io.postern.mime.MessageFacts;
import io.postern.mime.search.IndexedText;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.Uid;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageInfo;
import io.postern.model.message.SystemFlag;
import io.postern.store.Destination;
import io.postern.store.MaildropLock;
import io.postern.store.Messages;
import io.postern.store.Staged;
import io.postern.store.StoreFailure;
import io.postern.store.account.Quotas.Levels;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.stream.Collectors;

/** The messages of a {@link MemoryStore}. */
public final class MemoryMessages implements Messages {
  private static final int MAX_CONTENTS = 1_000;

  private final MemoryStore store;
  private final MemoryQuotas quotas;

  public MemoryMessages(MemoryStore store) {
    this(store, new MemoryQuotas(store, () -> Levels.NONE));
  }

  public MemoryMessages(MemoryStore store, MemoryQuotas quotas) {
    this.store = store;
    this.quotas = quotas;
  }

  @Override
  public Uni<Appended> append(Destination to, List<NewMessage> messages) {
    return store.call(
        () -> {
          var box = box(to);
          quotas.require(
              to.account(),
              messages.stream().mapToLong(it -> it.staged().facts().size()).sum(),
              messages.size());
          boolean claims =
              to instanceof Destination.Named(_, _, var selected)
                  && selected.filter(box.key::equals).isPresent()
                  && box.firstRecent == box.uidNext;
          box.keywords = learnAll(box, messages.stream().map(NewMessage::flags).toList());
          var put = new ArrayList<MessageInfo>();
          for (var message : messages) {
            put.add(
                new MessageInfo(
                    uid(box, put.size()),
                    box.keywords.pack(message.flags()),
                    box.nextModSeq(),
                    message.staged().facts().size(),
                    message.internalDate(),
                    now(),
                    keep(to.account(), message.staged())));
          }
          if (claims) {
            box.firstRecent += put.size();
          }
          return new Appended(box.key, box.change(put, NumberSet.EMPTY));
        });
  }

  private MemoryMailbox box(Destination to) {
    return switch (to) {
      case Destination.Keyed(var key) -> store.box(key);
      case Destination.Named(var account, var name, _) ->
          store
              .account(account)
              .byName(name)
              .orElseThrow(() -> failure(new StoreFailure.NoSuchMailbox(name)));
    };
  }

  private ContentId keep(AccountId account, Staged staged) {
    var blob =
        switch (staged.bytes()) {
          case Staged.Bytes.Inline(var bytes) -> store.keep(bytes);
          case Staged.Bytes.Stored(var stored) -> stored;
          case Staged.Bytes.Prefixed(_, var stored) -> stored;
        };
    var prefix =
        staged.bytes() instanceof Staged.Bytes.Prefixed(var lines, _) ? lines : Buffer.buffer();
    var id = new ContentId(store.nextId());
    store
        .account(account)
        .contents
        .put(id, new Content(id, blob, prefix, staged.facts(), Optional.empty()));
    return id;
  }

  @Override
  public Uni<Optional<Found>> find(AccountId account, MailboxName name, Optional<Known> known) {
    return store.call(
        () ->
            store
                .account(account)
                .byName(name)
                .map(
                    box ->
                        known
                            .filter(index -> index.mailbox().equals(box.key))
                            .<Found>map(
                                index -> new Found.Changes(box.key, since(box, index.modSeq())))
                            .orElseGet(() -> new Found.Whole(box.key, whole(box)))));
  }

  @Override
  public Uni<Loaded> load(MailboxKey mailbox) {
    return store.call(() -> whole(store.box(mailbox)));
  }

  private static Loaded whole(MemoryMailbox box) {
    return new Loaded(box.state(), MemoryMailbox.columns(box.messages.values()), box.keywords);
  }

  @Override
  public Uni<Since> changesSince(MailboxKey mailbox, ModSeq since) {
    return store.call(() -> since(store.box(mailbox), since));
  }

  private static Since since(MemoryMailbox box, ModSeq since) {
    var changed = MemoryMailbox.columns(box.changedSince(since));
    return new Since(box.state(), changed, box.goneSince(since), box.keywords);
  }

  @Override
  public Uni<Changed> storeFlags(MailboxKey mailbox, NumberSet uids, FlagsUpdate update) {
    return store.call(
        () -> {
          var box = store.box(mailbox);
          var present = box.present(uids);
          var known =
              update.mode() == FlagsUpdate.Mode.REMOVE
                  ? box.keywords
                  : learnAll(box, List.of(update.flags()));
          long named = known.pack(update.flags());
          var put = new ArrayList<MessageInfo>();
          var modified = new NumberSet.Builder();
          for (var message : present) {
            if (!update.allows(message.modSeq().value())) {
              modified.add(message.uid().value());
              continue;
            }
            long after = update.apply(message.flags(), named);
            if (after != message.flags()) {
              put.add(flagged(message, after, box.nextModSeq()));
              box.keywords = known;
            }
          }
          return box.change(put, NumberSet.EMPTY).modified(modified.build());
        });
  }

  @Override
  public Uni<Copied> copy(MailboxKey from, NumberSet uids, Destination to) {
    return store.call(() -> transfer(from, uids, to, false));
  }

  @Override
  public Uni<Copied> move(MailboxKey from, NumberSet uids, Destination to) {
    return store.call(() -> transfer(from, uids, to, true));
  }

  private Copied transfer(MailboxKey from, NumberSet uids, Destination to, boolean leaving) {
    var source = store.box(from);
    var target = box(to);
    var present = source.present(uids);
    if (!leaving && !present.isEmpty()) {
      quotas.require(
          to.account(), present.stream().mapToLong(MessageInfo::size).sum(), present.size());
    }
    var translation = source.keywords;
    var flags = present.stream().map(m -> translation.unpack(m.flags())).toList();
    target.keywords = learn(target, flags);
    var names = target.keywords;
    var put = arriving(present, target, bits -> names.pack(translation.unpack(bits)));
    var arrived = target.change(put, NumberSet.EMPTY);
    var gone = MemoryMailbox.uids(present);
    return new Copied(
        target.key,
        target.validity,
        gone,
        MemoryMailbox.uids(put),
        Optional.of(arrived),
        leaving ? Optional.of(source.change(List.of(), gone)) : Optional.empty());
  }

  @Override
  public Uni<Changed> expunge(MailboxKey mailbox, Optional<NumberSet> uids) {
    return store.call(
        () -> {
          var box = store.box(mailbox);
          var gone =
              box.messages.values().stream()
                  .filter(m -> (m.flags() & SystemFlag.DELETED.bit()) != 0)
                  .filter(m -> uids.isEmpty() || uids.get().contains(m.uid().value()))
                  .toList();
          return remove(box, gone);
        });
  }

  @Override
  public Uni<Changed> remove(MailboxKey mailbox, NumberSet uids) {
    return store.call(
        () -> {
          var box = store.box(mailbox);
          return remove(box, box.present(uids));
        });
  }

  private Changed remove(MemoryMailbox box, List<MessageInfo> gone) {
    MemoryRecoverable.keep(store, box, gone);
    return box.change(List.of(), MemoryMailbox.uids(gone));
  }

  @Override
  public Uni<Optional<Changed>> update(MaildropLock lock, NumberSet uids) {
    return store.call(
        () -> {
          var box = store.box(lock.mailbox());
          return MemoryMaildropLocks.until(store, lock, Instant.MIN)
              ? Optional.of(remove(box, box.present(uids)))
              : Optional.empty();
        });
  }

  @Override
  public Uni<Map<ContentId, Long>> crlfSizes(AccountId account) {
    return store.call(
        () ->
            store.account(account).contents.values().stream()
                .filter(content -> crlfSize(content) != content.facts().size())
                .collect(Collectors.toMap(Content::id, MemoryMessages::crlfSize)));
  }

  private static long crlfSize(Content content) {
    return content.facts().octets().crlfSize().orElseThrow();
  }

  @Override
  public Uni<Contents> contents(
      AccountId account, Collection<ContentId> ids, Columns wanted, long octets) {
    return store.call(
        () -> {
          if (ids.size() > MAX_CONTENTS) {
            throw new IllegalArgumentException("at most " + MAX_CONTENTS + " contents at a time");
          }
          var contents = store.account(account).contents;
          var found = new HashMap<ContentId, Content>();
          var left = new HashSet<ContentId>();
          long sum = 0;
          for (var id : new LinkedHashSet<>(ids)) {
            var content =
                Optional.ofNullable(contents.get(id)).map(all -> withColumns(all, wanted));
            sum += content.map(one -> one.facts().held()).orElse(0L);
            if (content.isPresent() && (sum <= octets || (found.isEmpty() && left.isEmpty()))) {
              found.put(id, content.get());
            } else if (content.isPresent()) {
              left.add(id);
            }
          }
          return new Contents(found, left);
        });
  }

  @Override
  public Uni<Map<ContentId, StoredHeader>> headers(
      AccountId account, Collection<ContentId> ids, HeaderColumns columns) {
    return contents(account, ids, Columns.FACTS, Long.MAX_VALUE)
        .map(
            contents -> {
              var texts = store.account(account).texts;
              return contents.found().entrySet().stream()
                  .collect(
                      Collectors.toMap(
                          Map.Entry::getKey,
                          it ->
                              header(
                                  it.getValue(),
                                  Optional.ofNullable(texts.get(it.getKey())),
                                  columns)));
            });
  }

  private static StoredHeader header(
      Content content, Optional<IndexedText> text, HeaderColumns columns) {
    var header = content.facts().header();
    var none = Optional.<ByteBuffer>empty();
    var indexed =
        text.filter(_ -> columns.indexed())
            .map(
                it ->
                    new IndexedText(
                        columns.fields() ? it.fields() : none,
                        columns.signature() ? it.signature() : none));
    boolean read = columns.header() && indexed.flatMap(IndexedText::fields).isEmpty();
    return new StoredHeader(
        content.facts().sent(),
        indexed,
        read && header.length() < MessageFacts.MAX_HEADER ? Optional.of(header) : Optional.empty());
  }

  private static Content withColumns(Content content, Columns wanted) {
    var facts = content.facts();
    var none = Buffer.buffer();
    return new Content(
        content.id(),
        content.blob(),
        content.prefix(),
        new MessageFacts(
            facts.size(),
            wanted.structure() ? facts.envelope() : none,
            wanted.structure() ? facts.body() : none,
            wanted.structure() ? facts.bodyStructure() : none,
            wanted.header() ? facts.header() : none,
            facts.sent(),
            facts.parts(),
            facts.octets()),
        content.bytes());
  }

  /** The messages as they come to lie in a mailbox: flags in its bits, UIDs from its uidNext. */
  static List<MessageInfo> arriving(
      List<MessageInfo> messages, MemoryMailbox into, LongUnaryOperator bits) {
    var put = new ArrayList<MessageInfo>();
    for (var m : messages) {
      put.add(
          new MessageInfo(
              uid(into, put.size()),
              bits.applyAsLong(m.flags()),
              into.nextModSeq(),
              m.size(),
              m.internalDate(),
              now(),
              m.content()));
    }
    return put;
  }

  private static Uid uid(MemoryMailbox box, int after) {
    long next = box.uidNext + after;
    if (next > Uid.MAX) {
      throw failure(new StoreFailure.LimitReached("UIDs", Uid.MAX));
    }
    return new Uid(next);
  }

  private static MessageInfo flagged(MessageInfo m, long flags, ModSeq modSeq) {
    return new MessageInfo(
        m.uid(), flags, modSeq, m.size(), m.internalDate(), m.saved(), m.content());
  }

  /** The keywords with those of the flags. */
  private static Keywords learnAll(MemoryMailbox box, List<Flags> flags) {
    var known = learn(box, flags);
    if (!flags.stream().allMatch(known::containsAll)) {
      throw failure(new StoreFailure.LimitReached("keywords", Keywords.MAX));
    }
    return known;
  }

  /** The keywords with those of the flags, as far as there is room. */
  private static Keywords learn(MemoryMailbox box, List<Flags> flags) {
    long used =
        box.messages.values().stream().mapToLong(MessageInfo::flags).reduce(0, (a, b) -> a | b);
    return box.keywords.with(flags, used);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }
}
