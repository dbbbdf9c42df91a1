package io.postern.imap.notify;

import io.postern.imap.response.Untagged;
import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.store.Messages.Changed;
import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The counters of mailboxes, as a client was sent them or knows them otherwise. */
final class KnownStatuses {
  private final CommandContext context;
  private final KnownNames names;
  private final Map<MailboxName, SentStatus> sent = new HashMap<>();

  /** A mailbox's counters now. */
  record Counters(MailboxKey mailbox, MailboxState state) {}

  KnownStatuses(CommandContext context, KnownNames names) {
    this.context = context;
    this.names = names;
  }

  /** Takes over what a client was sent that asks for other events. */
  void takeOver(KnownStatuses before) {
    sent.putAll(before.sent);
  }

  /** What a client is not sent that asks for events only: the counters as they are. */
  void expect(Map<MailboxName, Counters> now) {
    now.forEach((name, it) -> sent.computeIfAbsent(name, _ -> SentStatus.of(it.state())));
  }

  /** Whether the client knows the mailbox as it was with this mod-sequence, or later. */
  boolean isKnown(MailboxName name, ModSeq modSeq) {
    return sent(name).filter(it -> !modSeq.isAfter(it.modSeq())).isPresent();
  }

  private Optional<SentStatus> sent(MailboxName name) {
    return Optional.ofNullable(sent.get(name));
  }

  /** CREATE of the session itself made this mailbox. */
  void created(MailboxInfo mailbox) {
    sent.put(mailbox.name(), SentStatus.empty(mailbox.uidValidity()));
  }

  /** DELETE of the session itself removed it. */
  void deleted(MailboxName name) {
    sent.remove(name);
  }

  /** RENAME of the session itself gave it another name. */
  void renamed(MailboxName from, MailboxName to) {
    Optional.ofNullable(sent.remove(from)).ifPresent(it -> sent.put(to, it));
  }

  /** The session wrote to a mailbox: if no other session did, its client knows the counters. */
  void written(MailboxName name, Changed change) {
    boolean last = change.state().highestModSeq().equals(change.modSeq());
    if (last && sent(name).filter(it -> it.modSeq().equals(change.previous())).isPresent()) {
      sent.put(name, SentStatus.of(change.state()));
    }
  }

  /** The session left its selected mailbox, of which the client knows this much. */
  void left(MailboxName name, View view) {
    sent.put(name, SentStatus.of(view, names.events(name)));
  }

  /** The mailboxes of these of which the client hears when their messages change. */
  Map<MailboxName, Counters> watched(Map<MailboxId, MailboxState> states) {
    var watched = new HashMap<MailboxName, Counters>();
    states.forEach(
        (id, state) -> {
          var name = names.of(id).filter(it -> names.events(it).messages());
          if (name.isPresent()) {
            names.key(id).ifPresent(key -> watched.put(name.get(), new Counters(key, state)));
          }
        });
    return watched;
  }

  /** The mailboxes of which a client hears when their messages change. */
  static Map<MailboxName, Counters> watched(MailboxNames now, EventFilter filter) {
    var watched = new HashMap<MailboxName, Counters>();
    if (filter.all().messages()) {
      for (var mailbox : now.list()) {
        var name = mailbox.name();
        var state = Optional.ofNullable(now.states().get(mailbox.key().mailbox()));
        if (state.isPresent() && filter.of(name, now.subscriptions().contains(name)).messages()) {
          watched.put(name, new Counters(mailbox.key(), state.get()));
        }
      }
    }
    return watched;
  }

  /** Forgets the mailboxes that are not watched any more. */
  void retain(Map<MailboxName, Counters> watched) {
    sent.keySet().retainAll(watched.keySet());
  }

  /**
   * Sends the counters that differ from those sent before, except for the selected mailbox.
   *
   * @param all whether to send them in any case
   */
  Uni<Void> send(Map<MailboxName, Counters> now, boolean all) {
    var sorted = now.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
    return context
        .reply()
        .each(
            sorted.size(),
            i -> {
              var counters = sorted.get(i).getValue();
              if (!context.listener().isSelected(counters.mailbox())) {
                send(sorted.get(i).getKey(), counters.state(), all);
              }
            });
  }

  private void send(MailboxName name, MailboxState now, boolean always) {
    var events = names.events(name);
    boolean modSeqs = context.reply().showsModSeq();
    var before = Optional.ofNullable(sent.put(name, SentStatus.of(now)));
    // A mailbox of which the client has not heard, and that never had a message, is no news.
    boolean differs = before.map(it -> it.differs(now, events, modSeqs)).orElse(now.uidNext() > 1);
    if (always || differs) {
      // RFC 5465 §3.1: the first one has the mod-sequence, whatever is enabled.
      boolean shown = modSeqs || (always && events.flags() && supportsModSeq());
      context.reply().send(new Untagged.MailboxStatus(name, SentStatus.items(now, events, shown)));
    }
  }

  private boolean supportsModSeq() {
    return context.extensions().statusItem("HIGHESTMODSEQ").isPresent();
  }
}
