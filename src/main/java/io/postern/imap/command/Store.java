package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.FlagText;
import io.postern.imap.grammar.ResponseText;
import io.postern.imap.grammar.SetText;
import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.ErrorResponses;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Verb;
import io.postern.imap.session.View;
import io.postern.model.FlagsUpdate;
import io.postern.model.FlagsUpdate.Mode;
import io.postern.model.Keywords;
import io.postern.model.MessageColumns;
import io.postern.model.NumberSet;
import io.postern.model.SequenceSet;
import io.postern.store.Messages.Changed;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.Locale;
import java.util.OptionalLong;

/** STORE and UID STORE (RFC 3501 §6.4.6). */
record Store(SequenceSet set, boolean byUid, FlagsUpdate update, boolean silent)
    implements Command.Mailbox {
  static final Verb STORE = verb("STORE", false).updating(Verb.Updating.WITHOUT_EXPUNGE);
  static final Verb UID_STORE = verb("UID STORE", true);

  private static Verb verb(String name, boolean byUid) {
    return Verb.of(name, in -> parse(in, byUid));
  }

  private static Store parse(Arguments in, boolean byUid) throws BadSyntax {
    in.space();
    var set = SetText.read(in);
    in.space();
    var mode = in.tryOctet('+') ? Mode.ADD : in.tryOctet('-') ? Mode.REMOVE : Mode.REPLACE;
    var item = in.word("FLAGS or FLAGS.SILENT").toUpperCase(Locale.ROOT);
    if (!item.equals("FLAGS") && !item.equals("FLAGS.SILENT")) {
      throw in.expected("FLAGS or FLAGS.SILENT");
    }
    in.space();
    var flags = FlagText.listOrBare(in);
    in.end();
    return new Store(set, byUid, new FlagsUpdate(mode, flags), item.endsWith(".SILENT"));
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.Selected state) {
    var view = state.view();
    return view.readOnly()
        ? ErrorResponses.readOnly().now()
        : context.resolve(view, set, byUid, (index, uids) -> store(context, view, index, uids));
  }

  private Uni<Outcome> store(
      CommandContext context, View view, MailboxIndex index, NumberSet uids) {
    if (uids.isEmpty()) {
      return done().now();
    }
    return context
        .ports()
        .messages()
        .storeFlags(view.mailbox(), uids, update)
        .invoke(changed -> known(context, view, changed))
        .chain(changed -> show(context, view, index, uids, changed))
        .replaceWith(done());
  }

  private void known(CommandContext context, View view, Changed changed) {
    context.listener().changed(view.mailbox(), changed.modSeq());
    // A STORE without effect returns the mod-sequence of another session's change. And a silent one
    // does not show what others changed of the same messages just before.
    if (changed.modSeq().isAfter(changed.previous())
        && (!silent || view.wasSent(changed.previous()))) {
      view.knows(changed.modSeq());
    }
    context.updates().keywords(view, changed, context.reply());
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
              context.reply().untagged(line -> row(line, view, index, uid, bits, keywords));
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

  private void row(
      ResponseText line, View view, MailboxIndex index, long uid, long bits, Keywords keywords) {
    line.number(view.number(index, uid)).raw(" FETCH (");
    if (byUid) {
      line.raw("UID ").number(uid).space();
    }
    line.raw("FLAGS ").flags(bits, keywords, view.isRecent(uid)).raw(')');
  }

  /** RFC 2180 §4.2: present messages were changed, and expunged ones need no change. */
  private Outcome done() {
    return Outcome.ok((byUid ? "UID STORE" : "STORE") + " completed.");
  }
}
