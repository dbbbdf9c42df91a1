package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.FetchText;
import io.postern.imap.selected.Updates;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.FetchItem;
import io.postern.imap.spi.FetchModifier;
import io.postern.imap.spi.MessageSet;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.NumberSet;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** FETCH and UID FETCH (RFC 3501 §6.4.5), with the modifiers of extensions (RFC 4466 §2.4). */
record Fetch(
    MessageSet set, boolean byUid, List<FetchItem> items, List<FetchModifier.Effect> modifiers)
    implements Command.Mailbox {
  static final Verb FETCH = verb("FETCH", false).updating(Updates.Scope.WITHOUT_EXPUNGE);
  static final Verb UID_FETCH = verb("UID FETCH", true);

  private static Verb verb(String name, boolean byUid) {
    return Verb.of(name, (in, context, registry) -> parse(in, context, registry, byUid));
  }

  private static Fetch parse(
      Arguments in, CommandContext context, ExtensionRegistry registry, boolean byUid)
      throws BadSyntax {
    in.space();
    var set = MessageSet.read(in, context, byUid);
    in.space();
    var asked = FetchText.read(in, name -> registry.fetchItem(name).map(FetchItem.Kind::reader));
    var modifiers =
        Parameters.tryRead(
            in,
            "a modifier of FETCH",
            registry::fetchModifier,
            (modifier, rest) -> modifier.reader().read(rest, context));
    var use = new FetchModifier.Use(set, byUid, modifiers);
    for (var modifier : modifiers) {
      var missing = modifier.missing(use);
      if (missing.isPresent()) {
        throw in.expected(missing.get());
      }
    }
    in.end();
    var items = new LinkedHashSet<FetchItem>();
    // RFC 3501 §6.4.8: a UID command's responses include the UID, requested or not. RFC 9586 §3.3:
    // a UIDFETCH response begins with it.
    if (byUid && !context.enabled().uidOnly()) {
      items.add(FetchFact.UID);
    }
    items.addAll(asked);
    modifiers.forEach(modifier -> items.addAll(modifier.items()));
    return new Fetch(set, byUid, List.copyOf(items), modifiers);
  }

  @Override
  public Set<String> enables() {
    var enables = new TreeSet<String>();
    items.forEach(item -> enables.addAll(item.enables()));
    modifiers.forEach(modifier -> enables.addAll(modifier.enables()));
    return enables;
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.Selected state) {
    var view = state.view();
    return context.resolve(view, set, (index, uids) -> fetch(context, view, index, uids));
  }

  private Uni<Outcome> fetch(
      CommandContext context, View view, MailboxIndex index, NumberSet uids) {
    long asked = modifiers.stream().mapToLong(FetchModifier.Effect::messages).max().orElse(0);
    var limit = MessageLimit.of(context);
    // A range may be wider than any mailbox: without a limit it is no reason to refuse.
    if (!limit.isNone() && asked > limit.most()) {
      return limit.refusal(OptionalLong.empty()).now();
    }
    // RFC 2180 §4.1: present messages are returned; a NO would stop clients that lost nothing.
    int[] positions = view.positions(index, uids);
    for (boolean first : new boolean[] {true, false}) {
      for (var modifier : modifiers) {
        if (modifier.selectsFirst() == first) {
          positions = modifier.select(index, positions);
        }
      }
    }
    var part = limit.part(index, positions);
    var run = new FetchRun(context, view, index, items, limit.positions(positions));
    return before(context, view, index).chain(run::rows).map(_ -> part.completed(ended(run)));
  }

  private Outcome ended(FetchRun run) {
    return run.refusal()
        .<Outcome>map(refusal -> refusal)
        .orElseGet(() -> Outcome.ok((byUid ? "UID FETCH" : "FETCH") + " completed."));
  }

  private Uni<Void> before(CommandContext context, View view, MailboxIndex index) {
    var use = new FetchModifier.Use(set, byUid, modifiers);
    return modifiers.isEmpty()
        ? Uni.createFrom().voidItem()
        : Multi.createFrom()
            .iterable(modifiers)
            .onItem()
            .transformToUniAndConcatenate(it -> it.before(context, view, index, use))
            .onItem()
            .ignoreAsUni();
  }
}
