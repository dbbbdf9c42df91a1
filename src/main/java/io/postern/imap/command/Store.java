package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.FlagText;
import io.postern.imap.selected.Updates;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.MessageSet;
import io.postern.imap.spi.StoreModifier;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.NumberSet;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.store.Messages.Changed;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** STORE and UID STORE (RFC 3501 §6.4.6), with the modifiers of extensions (RFC 4466 §2.5). */
record Store(
    MessageSet set,
    boolean byUid,
    FlagsUpdate update,
    boolean silent,
    List<StoreModifier.Effect> modifiers)
    implements Command.Mailbox {
  static final Verb STORE = verb("STORE", false).updating(Updates.Scope.WITHOUT_EXPUNGE);
  static final Verb UID_STORE = verb("UID STORE", true);

  private static Verb verb(String name, boolean byUid) {
    return Verb.of(name, (in, context, registry) -> parse(in, context, registry, byUid));
  }

  private static Store parse(
      Arguments in, CommandContext context, ExtensionRegistry registry, boolean byUid)
      throws BadSyntax {
    in.space();
    var set = MessageSet.read(in, context, byUid);
    in.space();
    var modifiers = modifiers(in, context, registry);
    var mode = in.tryOctet('+') ? Mode.ADD : in.tryOctet('-') ? Mode.REMOVE : Mode.REPLACE;
    var item = in.word("FLAGS or FLAGS.SILENT").toUpperCase(Locale.ROOT);
    if (!item.equals("FLAGS") && !item.equals("FLAGS.SILENT")) {
      throw in.expected("FLAGS or FLAGS.SILENT");
    }
    in.space();
    var flags = FlagText.listOrBare(in);
    in.end();
    boolean silent = item.endsWith(".SILENT");
    return new Store(set, byUid, new FlagsUpdate(mode, flags), silent, modifiers);
  }

  private static List<StoreModifier.Effect> modifiers(
      Arguments in, CommandContext context, ExtensionRegistry registry) throws BadSyntax {
    if (!in.tryOpenList()) {
      return List.of();
    }
    var modifiers =
        Parameters.read(
            in,
            "a modifier of STORE",
            registry::storeModifier,
            (modifier, rest) -> modifier.reader().read(rest, context));
    in.space();
    return modifiers;
  }

  @Override
  public Set<String> enables() {
    var enables = new TreeSet<String>();
    modifiers.forEach(modifier -> enables.addAll(modifier.enables()));
    return enables;
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.Selected state) {
    var view = state.view();
    return view.readOnly()
        ? ErrorResponses.readOnly().now()
        : context.resolve(
            view,
            set,
            (index, uids) ->
                selected(context, view, index, uids)
                    .chain(
                        some -> {
                          var part = MessageLimit.of(context).part(view, index, some);
                          return store(context, view, index, part.of(some)).map(part::completed);
                        }));
  }

  private Uni<NumberSet> selected(
      CommandContext context, View view, MailboxIndex index, NumberSet uids) {
    var selected = Uni.createFrom().item(uids);
    for (var modifier : modifiers) {
      selected = selected.chain(some -> modifier.select(context, view, index, some));
    }
    return selected;
  }

  private Uni<Outcome> store(
      CommandContext context, View view, MailboxIndex index, NumberSet uids) {
    if (uids.isEmpty()) {
      return done(NumberSet.EMPTY).now();
    }
    var whole = update;
    for (var modifier : modifiers) {
      whole = modifier.update(whole);
    }
    var responses = new StoreResponses(context, view, index, whole, byUid, silent);
    return context
        .ports()
        .messages()
        .storeFlags(view.mailbox(), uids, whole)
        .invoke(responses::known)
        .call(changed -> responses.send(uids, changed))
        .map(changed -> done(byUid ? changed.modified() : numbers(view, index, changed)));
  }

  /** The sequence numbers of the messages for which the condition was not met. */
  private static NumberSet numbers(View view, MailboxIndex index, Changed changed) {
    var numbers = new NumberSet.Builder();
    for (int position : view.positions(index, changed.modified())) {
      numbers.add(view.number(position, index.uid(position)));
    }
    return numbers.build();
  }

  /** RFC 2180 §4.2: present messages were changed, and expunged ones need no change. */
  private Outcome done(NumberSet modified) {
    var done = Outcome.ok((byUid ? "UID STORE" : "STORE") + " completed.");
    for (var modifier : modifiers) {
      done = modifier.completed(done, modified);
    }
    return done;
  }
}
