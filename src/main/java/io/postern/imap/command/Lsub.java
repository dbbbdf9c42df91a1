package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.ListPattern;
import io.postern.imap.response.Untagged;
import io.postern.imap.response.Untagged.Listing;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.MailboxName;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;

/** LSUB (RFC 3501 §6.3.9): the subscribed names, existing or not. */
record Lsub(String reference, String pattern) implements Command.User {
  static final Verb VERB = Verb.of("LSUB", Lsub::parse);

  private static Lsub parse(Arguments in) throws BadSyntax {
    in.space();
    var reference = in.listMailbox();
    in.space();
    var pattern = in.listMailbox();
    in.end();
    return new Lsub(reference, pattern);
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
    if (pattern.isEmpty()) {
      context.reply().send(ListMailboxes.root(Listing.LSUB));
      return done().now();
    }
    return context
        .ports()
        .mailboxes()
        .subscriptions(state.identity().account())
        .chain(names -> send(context, matching(names, ListPattern.of(reference, pattern))));
  }

  /** The names to list, each with whether it is subscribed itself. */
  private static TreeMap<MailboxName, Boolean> matching(
      SortedSet<MailboxName> names, ListPattern pattern) {
    var shown = new TreeMap<MailboxName, Boolean>();
    for (var name : names) {
      if (pattern.matches(name)) {
        shown.put(name, true);
        continue;
      }
      // RFC 3501 §6.3.9: a subscribed name lies below what "%" matches.
      for (var above = name.parent(); above.isPresent(); above = above.get().parent()) {
        if (pattern.matches(above.get())) {
          shown.putIfAbsent(above.get(), false);
        }
      }
    }
    return shown;
  }

  private static Uni<Outcome> send(CommandContext context, TreeMap<MailboxName, Boolean> shown) {
    var names = List.copyOf(shown.entrySet());
    return context
        .reply()
        .each(
            names.size(),
            i -> {
              var entry = names.get(i);
              List<String> attributes = entry.getValue() ? List.of() : List.of("\\Noselect");
              var name = Optional.of(entry.getKey());
              context.reply().send(new Untagged.Listed(Listing.LSUB, attributes, name));
            })
        .replaceWith(done());
  }

  private static Outcome done() {
    return Outcome.ok("LSUB completed.");
  }
}
