package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.FetchText;
import io.postern.imap.grammar.SetText;
import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.ExtensionRegistry;
import io.postern.imap.session.FetchItem;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Verb;
import io.postern.imap.session.View;
import io.postern.model.NumberSet;
import io.postern.model.SequenceSet;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** FETCH and UID FETCH (RFC 3501 §6.4.5). */
record Fetch(SequenceSet set, boolean byUid, List<FetchItem> items) implements Command.Mailbox {
  static final Verb FETCH = verb("FETCH", false).updating(Verb.Updating.WITHOUT_EXPUNGE);
  static final Verb UID_FETCH = verb("UID FETCH", true);

  private static Verb verb(String name, boolean byUid) {
    return Verb.of(name, (in, extensions) -> parse(in, extensions, byUid));
  }

  private static Fetch parse(Arguments in, ExtensionRegistry extensions, boolean byUid)
      throws BadSyntax {
    in.space();
    var set = SetText.read(in);
    in.space();
    var asked = FetchText.read(in, name -> extensions.fetchItem(name).map(FetchItem.Kind::reader));
    in.end();
    var items = new LinkedHashSet<FetchItem>();
    // RFC 3501 §6.4.8: a UID command's responses include the UID, requested or not.
    if (byUid) {
      items.add(FetchFact.UID);
    }
    items.addAll(asked);
    return new Fetch(set, byUid, new ArrayList<>(items));
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.Selected state) {
    var view = state.view();
    return context.resolve(view, set, byUid, (index, uids) -> fetch(context, view, index, uids));
  }

  private Uni<Outcome> fetch(
      CommandContext context, View view, MailboxIndex index, NumberSet uids) {
    // RFC 2180 §4.1: present messages are returned; a NO would stop clients that lost nothing.
    return new FetchRun(context, view, index, items, view.positions(index, uids))
        .rows()
        .replaceWith(Outcome.ok((byUid ? "UID FETCH" : "FETCH") + " completed."));
  }
}
