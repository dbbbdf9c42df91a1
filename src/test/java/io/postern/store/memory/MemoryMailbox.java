package io.postern.store.memory;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.SpecialUse;
import io.postern.model.Uid;
import io.postern.model.UidValidity;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.MessageInfo;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Changed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** One mailbox and its messages. */
final class MemoryMailbox {
  private record Removal(ModSeq modSeq, NumberSet uids) {}

  final MailboxKey key;
  UidValidity validity;
  final Optional<SpecialUse> use;
  MailboxName name;
  Keywords keywords = Keywords.NONE;
  ModSeq modSeq = ModSeq.FIRST;
  long uidNext = 1;
  long firstRecent = 1;
  final TreeMap<Long, MessageInfo> messages = new TreeMap<>();
  private final List<Removal> removals = new ArrayList<>();

  MemoryMailbox(MailboxKey key, MailboxName name, UidValidity validity, Optional<SpecialUse> use) {
    this.key = key;
    this.name = name;
    this.validity = validity;
    this.use = use;
  }

  MailboxInfo info() {
    return new MailboxInfo(key, name, validity, use);
  }

  MailboxState state() {
    int unseen =
        (int)
            messages.values().stream()
                .filter(m -> (m.flags() & SystemFlag.SEEN.bit()) == 0)
                .count();
    long size = messages.values().stream().mapToLong(MessageInfo::size).sum();
    return new MailboxState(validity, uidNext, modSeq, messages.size(), unseen, size, firstRecent);
  }

  /** Those of the messages that are there, ascending. */
  List<MessageInfo> present(NumberSet uids) {
    return messages.values().stream().filter(m -> uids.contains(m.uid().value())).toList();
  }

  ModSeq nextModSeq() {
    return new ModSeq(modSeq.value() + 1);
  }

  /** One change: these rows are put, those UIDs removed, all at one new mod-sequence. */
  Changed change(Collection<MessageInfo> put, NumberSet gone) {
    var previous = modSeq;
    if (!put.isEmpty() || !gone.isEmpty()) {
      modSeq = nextModSeq();
    }
    for (var message : put) {
      messages.put(message.uid().value(), message);
      uidNext = Math.max(uidNext, message.uid().value() + 1);
    }
    if (!gone.isEmpty()) {
      gone.stream().forEach(messages::remove);
      removals.add(new Removal(modSeq, gone));
    }
    return new Changed(state(), previous, modSeq, columns(put), gone, keywords);
  }

  List<MessageInfo> changedSince(ModSeq since) {
    return messages.values().stream().filter(m -> m.modSeq().isAfter(since)).toList();
  }

  NumberSet goneSince(ModSeq since) {
    return removals.stream()
        .filter(r -> r.modSeq.isAfter(since))
        .map(Removal::uids)
        .reduce(NumberSet.EMPTY, NumberSet::union);
  }

  static MessageColumns columns(Collection<MessageInfo> messages) {
    var builder = new MessageColumns.Builder(messages.size());
    messages.forEach(builder::add);
    return builder.build();
  }

  static NumberSet uids(Collection<MessageInfo> messages) {
    return NumberSet.of(messages.stream().map(MessageInfo::uid).mapToLong(Uid::value));
  }
}
