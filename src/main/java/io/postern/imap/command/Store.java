package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.FlagText;
import io.postern.imap.response.FetchData;
import io.postern.imap.response.Untagged;
import io.postern.imap.selected.Updates;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.MessageSet;
import io.postern.imap.spi.StoreModifier;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.NumberSet;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.MessageColumns;
import io.postern.store.Messages.Changed;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
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
    return Verb.of(name, (in, context) -> parse(in, context, byUid));
  }

  private static Store parse(Arguments in, CommandContext context, boolean byUid) throws BadSyntax {
    in.space();
    var set = MessageSet.read(in, context, byUid);
    in.space();
    var modifiers = modifiers(in, context);
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

  private static List<StoreModifier.Effect> modifiers(Arguments in, CommandContext context)
      throws BadSyntax {
    if (!in.tryOpenList()) {
      return List.of();
    }
    var modifiers =
        Parameters.read(
            in,
            "a modifier of STORE",
            context.extensions()::storeModifier,
            (modifier, rest) -> modifier.reader().read(rest, context));
    in.space();
    return modifiers;
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
                    .chain(some -> store(context, view, index, some)));
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
      return done(context).now();
    }
    return context
        .ports()
        .messages()
        .storeFlags(view.mailbox(), uids, update)
        .invoke(changed -> known(context, view, index, changed))
        .chain(changed -> show(context, view, index, uids, changed))
        .replaceWith(() -> done(context));
  }

  private void known(CommandContext context, View view, MailboxIndex index, Changed changed) {
    context.listener().changed(view.mailbox(), changed.modSeq());
    // A STORE without effect returns the mod-sequence of another session's change.
    if (changed.modSeq().isAfter(changed.previous())) {
      view.knows(changed.modSeq(), silent ? unknown(view, index, changed) : NumberSet.EMPTY);
    }
    context.updates().keywords(view, changed);
  }

  /**
   * The messages whose flags are not what the client can conclude from those it knows and its own
   * update, because others changed them just before.
   */
  private NumberSet unknown(View view, MailboxIndex index, Changed changed) {
    if (view.wasSent(changed.previous())) {
      return NumberSet.EMPTY;
    }
    var rows = changed.changed();
    var before = index.keywords().names();
    var after = changed.keywords().names();
    // Otherwise a bit may mean another keyword by now.
    boolean comparable =
        before.size() <= after.size() && before.equals(after.subList(0, before.size()));
    long named = changed.keywords().pack(update.flags());
    var unknown = new NumberSet.Builder();
    for (int i = 0; i < rows.size(); i++) {
      int at = index.countBelow(rows.uid(i));
      boolean known =
          comparable
              && view.knowsFlags(index, at)
              && update.apply(index.flags(at), named) == rows.flags()[i];
      if (!known) {
        unknown.add(rows.uid(i), rows.uid(i));
      }
    }
    return unknown.build();
  }

  /** Writes the flags of all messages in the set, changed or not. */
  private Uni<Void> show(
      CommandContext context, View view, MailboxIndex index, NumberSet uids, Changed changed) {
    if (silent) {
      return Uni.createFrom().voidItem();
    }
    var now = new Walk(changed.changed());
    int[] positions = view.positions(index, uids);
    return context
        .reply()
        .each(
            positions.length,
            i -> {
              long uid = index.uid(positions[i]);
              var after = now.flags(uid);
              long bits = after.orElse(index.flags(positions[i]));
              // Each set of flags has its own keywords: a bit may mean another one by now.
              var keywords = after.isPresent() ? changed.keywords() : index.keywords();
              long modSeq =
                  after.isPresent() ? changed.modSeq().value() : index.modSeqAt(positions[i]);
              context
                  .reply()
                  .send(
                      new Untagged.MessageFlags(
                          view.number(index, positions[i], uid),
                          uid,
                          byUid,
                          new FetchData.FlagList(bits, keywords, view.isRecent(uid)),
                          modSeq));
            });
  }

  /** Looks up changed flags in ascending order of UID, without building a map. */
  private static final class Walk {
    private final MessageColumns rows;
    private int at;

    Walk(MessageColumns rows) {
      this.rows = rows;
    }

    OptionalLong flags(long uid) {
      while (at < rows.size() && rows.uid(at) < uid) {
        at++;
      }
      return at < rows.size() && rows.uid(at) == uid
          ? OptionalLong.of(rows.flags()[at])
          : OptionalLong.empty();
    }
  }

  /** RFC 2180 §4.2: present messages were changed, and expunged ones need no change. */
  private Outcome done(CommandContext context) {
    var done = Outcome.ok((byUid ? "UID STORE" : "STORE") + " completed.");
    var enables = new TreeSet<String>();
    for (var modifier : modifiers) {
      done = modifier.completed(done);
      enables.addAll(modifier.enables());
    }
    return enables.isEmpty() ? done : done.connection(context.connectionState().enable(enables));
  }
}
