package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.ResponseText;
import io.postern.imap.grammar.SearchText;
import io.postern.imap.grammar.SearchText.Program;
import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.Extension.SearchKey;
import io.postern.imap.session.ExtensionRegistry;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Verb;
import io.postern.imap.session.View;
import io.postern.model.Criterion;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;

/** SEARCH and UID SEARCH (RFC 3501 §6.4.4). */
record Search(Program program, boolean byUid) implements Command.Mailbox {
  static final Verb SEARCH = verb("SEARCH", false).updating(Verb.Updating.WITHOUT_EXPUNGE);
  static final Verb UID_SEARCH = verb("UID SEARCH", true);

  /** Numbers written at once. */
  private static final int PIECE = 512;

  private static Verb verb(String name, boolean byUid) {
    return Verb.of(name, (in, extensions) -> parse(in, extensions, byUid));
  }

  private static Search parse(Arguments in, ExtensionRegistry extensions, boolean byUid)
      throws BadSyntax {
    in.space();
    var program = SearchText.read(in, name -> extensions.searchKey(name).map(SearchKey::reader));
    return new Search(program, byUid);
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.Selected state) {
    return switch (program) {
      case Program.UnknownCharset _ ->
          Outcome.no(
                  "BADCHARSET (" + String.join(" ", SearchText.CHARSETS) + ")",
                  "The charset is not known here.")
              .now();
      case Program.Asked(var criterion) ->
          context
              .updates()
              .index(state.view(), false)
              .chain(index -> search(context, state.view(), index, criterion));
    };
  }

  private Uni<Outcome> search(
      CommandContext context, View view, MailboxIndex index, Criterion criterion) {
    return SearchRun.positions(context, view, index, criterion)
        .chain(positions -> say(context, view, index, positions))
        .<Outcome>replaceWith(Outcome.ok((byUid ? "UID SEARCH" : "SEARCH") + " completed."))
        .onFailure(SearchBudget.Exceeded.class)
        .recoverWithItem(exceeded -> Outcome.no("LIMIT", exceeded.text()));
  }

  /** RFC 3501 §7.2.5: writes the response even when nothing was found. */
  private Uni<Void> say(CommandContext context, View view, MailboxIndex index, int[] positions) {
    var reply = context.reply().write(new ResponseText().raw("* SEARCH"));
    return reply
        .each(
            (positions.length + PIECE - 1) / PIECE,
            piece -> reply.write(numbers(view, index, positions, piece * PIECE)))
        .invoke(() -> reply.write(new ResponseText().crlf()));
  }

  private ResponseText numbers(View view, MailboxIndex index, int[] positions, int from) {
    var text = new ResponseText();
    for (int i = from; i < positions.length && i < from + PIECE; i++) {
      long uid = index.uid(positions[i]);
      text.space().number(byUid ? uid : view.number(index, uid));
    }
    return text;
  }
}
