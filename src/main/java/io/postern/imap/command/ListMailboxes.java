package io.postern.imap.command;

import io.postern.auth.Identity;
import io.postern.imap.grammar.Wildcards;
import io.postern.imap.session.Command;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.Turn;
import io.postern.imap.session.Verb;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** LIST and LSUB (RFC 3501 §6.3.8, §6.3.9). */
record ListMailboxes(String reference, String pattern, boolean subscribed) implements Command.User {
  static final Verb LIST = verb("LIST", false);
  static final Verb LSUB = verb("LSUB", true);

  private static Verb verb(String name, boolean subscribed) {
    return Verb.of(
        name,
        in -> {
          in.space();
          var reference = in.listMailbox();
          in.space();
          var pattern = in.listMailbox();
          in.end();
          return new ListMailboxes(reference, pattern, subscribed);
        });
  }

  @Override
  public Uni<Outcome> run(Turn turn, Identity identity) {
    // RFC 3501 §6.3.8: an empty pattern asks for the delimiter and the root of the reference.
    if (pattern.isEmpty()) {
      turn.reply().untagged(line -> line.raw(name()).raw(" (\\Noselect) \"/\" \"\""));
      return done().now();
    }
    var wildcards = Wildcards.of(reference, pattern);
    var account = identity.account();
    var mailboxes = turn.ports().mailboxes();
    return subscribed
        ? mailboxes
            .subscriptions(account)
            .chain(names -> lsub(turn, subscriptions(names, wildcards)))
        : mailboxes.list(account).chain(all -> list(turn, all, wildcards));
  }

  private Uni<Outcome> list(Turn turn, List<MailboxInfo> all, Wildcards wildcards) {
    var parents = new TreeSet<String>();
    all.forEach(m -> m.name().parent().ifPresent(parent -> parents.add(parent.value())));
    var shown = all.stream().filter(m -> wildcards.matches(m.name())).toList();
    return turn.reply()
        .each(
            shown.size(),
            i -> {
              var mailbox = shown.get(i);
              boolean hasChildren = parents.contains(mailbox.name().value());
              row(turn, turn.vocabulary().listAttributes(mailbox, hasChildren), mailbox.name());
            })
        .replaceWith(done());
  }

  /** The names to show, each with whether it is subscribed itself. */
  private static TreeMap<MailboxName, Boolean> subscriptions(
      SortedSet<MailboxName> names, Wildcards wildcards) {
    var shown = new TreeMap<MailboxName, Boolean>();
    for (var name : names) {
      if (wildcards.matches(name)) {
        shown.put(name, true);
        continue;
      }
      // RFC 3501 §6.3.9: below what "%" matches there is something subscribed.
      for (var above = name.parent(); above.isPresent(); above = above.get().parent()) {
        if (wildcards.matches(above.get())) {
          shown.putIfAbsent(above.get(), false);
        }
      }
    }
    return shown;
  }

  private Uni<Outcome> lsub(Turn turn, TreeMap<MailboxName, Boolean> shown) {
    var names = List.copyOf(shown.entrySet());
    return turn.reply()
        .each(
            names.size(),
            i -> {
              var entry = names.get(i);
              row(turn, entry.getValue() ? List.of() : List.of("\\Noselect"), entry.getKey());
            })
        .replaceWith(done());
  }

  private void row(Turn turn, List<String> attributes, MailboxName mailbox) {
    turn.reply()
        .untagged(
            line ->
                line.raw(name())
                    .raw(" (")
                    .raw(String.join(" ", attributes))
                    .raw(") \"/\" ")
                    .mailbox(mailbox));
  }

  private String name() {
    return subscribed ? "LSUB" : "LIST";
  }

  private Outcome done() {
    return Outcome.ok(name() + " completed.");
  }
}
