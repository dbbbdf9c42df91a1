package io.postern.imap.notify;

import io.postern.imap.spi.ImapPorts;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.store.Annotations.Version;
import io.postern.store.Mailboxes;
import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/**
 * The mailboxes of an account at one moment.
 *
 * @param list ascending by name
 * @param subscriptions the names subscribed to, existing or not
 * @param states of the mailboxes; one that was removed meanwhile has none
 * @param annotations of the mailboxes and of the server, if they are wanted
 */
record MailboxNames(
    List<MailboxInfo> list,
    SortedSet<MailboxName> subscriptions,
    Map<MailboxId, MailboxState> states,
    List<Version> annotations) {
  /** The most mailboxes, and the most subscriptions, that are kept for one session. */
  static final int MAX = 2_000;

  /**
   * Reads them: the annotations, and behind them all else by statements that are sent together.
   *
   * @param others whether to read the mailboxes that others share with the account, too
   * @param known what the client knows of annotations
   */
  static Uni<MailboxNames> read(
      ImapPorts ports, AccountId account, boolean others, KnownAnnotations known) {
    // Names last: a mailbox that is deleted meanwhile has neither, or has no name.
    return known
        .read(ports.annotations(), account)
        .chain(annotations -> read(ports.mailboxes(), account, others, annotations));
  }

  private static Uni<MailboxNames> read(
      Mailboxes mailboxes, AccountId account, boolean others, List<Version> annotations) {
    return Uni.combine()
        .all()
        .unis(mailboxes.list(account), mailboxes.subscriptions(account), mailboxes.states(account))
        .with(
            (all, subscriptions, states) ->
                new MailboxNames(
                    all.stream()
                        .filter(it -> others || it.key().account().equals(account))
                        .toList(),
                    subscriptions,
                    states,
                    annotations));
  }

  /** The accounts of those mailboxes of which a client wants some events. */
  Set<AccountId> accounts(EventFilter filter) {
    var accounts = new HashSet<AccountId>();
    for (var mailbox : list) {
      var name = mailbox.name();
      if (!filter.of(name, subscriptions.contains(name)).isEmpty()) {
        accounts.add(mailbox.key().account());
      }
    }
    return accounts;
  }

  /** The mailboxes by their names. */
  Map<MailboxName, MailboxInfo> byName() {
    var byName = new HashMap<MailboxName, MailboxInfo>();
    list.forEach(mailbox -> byName.put(mailbox.name(), mailbox));
    return byName;
  }

  /** The names that have mailboxes below them. */
  Set<MailboxName> parents() {
    var parents = new HashSet<MailboxName>();
    for (var mailbox : list) {
      var above = mailbox.name().parent();
      while (above.isPresent() && parents.add(above.get())) {
        above = above.get().parent();
      }
    }
    return parents;
  }

  /**
   * The names that are affected by what changed since (RFC 5465 §5.4), in the order in which a
   * client learns of them: names removed, mailboxes renamed, names made, and names directly above
   * those made or removed. A mailbox that was renamed with one above it is not listed.
   *
   * @param before the names of the mailboxes then
   */
  List<NameChange> changesSince(Map<MailboxId, MailboxName> before) {
    var present = new HashMap<MailboxId, MailboxName>();
    list.forEach(mailbox -> present.put(mailbox.key().mailbox(), mailbox.name()));
    if (present.equals(before)) {
      return List.of();
    }
    return new NameChanges(before, present).changes();
  }
}
