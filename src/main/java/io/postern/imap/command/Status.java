package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.response.Untagged;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** STATUS (RFC 3501 §6.3.10). */
record Status(MailboxArgument given, List<String> items) implements Command.User {
  static final Verb VERB = Verb.of("STATUS", Status::parse);

  private static Status parse(Arguments in) throws BadSyntax {
    in.space();
    var given = in.mailbox();
    in.space();
    in.openList();
    var items = new ArrayList<String>();
    do {
      items.add(in.atom("a status item").toUpperCase(Locale.ROOT));
    } while (in.trySpace());
    in.closeList();
    in.end();
    return new Status(given, items);
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
    for (var item : items) {
      if (context.extensions().statusItem(item).isEmpty()) {
        return Outcome.bad("STATUS has no item of that name.").now();
      }
    }
    return context.with(state.identity(), given, mailbox -> show(context, mailbox));
  }

  private Uni<Outcome> show(CommandContext context, MailboxInfo mailbox) {
    var key = mailbox.key();
    return context
        .ports()
        .mailboxes()
        .state(key)
        .chain(state -> values(context, key, state))
        .invoke(values -> send(context, mailbox.name(), values))
        .replaceWith(Outcome.ok("STATUS completed."));
  }

  private Uni<List<Long>> values(CommandContext context, MailboxKey mailbox, MailboxState state) {
    var values =
        items.stream()
            .flatMap(item -> context.extensions().statusItem(item).stream())
            .map(item -> item.value().of(context.ports(), mailbox, state))
            .toList();
    return Uni.join().all(values).andFailFast();
  }

  private void send(CommandContext context, MailboxName name, List<Long> values) {
    var counters = new ArrayList<Untagged.Counter>();
    for (int i = 0; i < items.size(); i++) {
      counters.add(new Untagged.Counter(items.get(i), values.get(i)));
    }
    context.reply().send(new Untagged.MailboxStatus(name, counters));
  }
}
