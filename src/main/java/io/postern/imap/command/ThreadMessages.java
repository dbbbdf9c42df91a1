package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.SearchText;
import io.postern.imap.grammar.SearchText.Program;
import io.postern.imap.selected.Updates;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.message.Criterion;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.Set;

/** THREAD and UID THREAD (RFC 5256 §3). */
public record ThreadMessages(ThreadRun.Algorithm algorithm, Program program, boolean byUid)
    implements Command.Mailbox {
  private static final String ALGORITHM = "an algorithm of THREAD";

  /** THREAD. */
  public static final Verb THREAD = verb("THREAD", false).updating(Updates.Scope.WITHOUT_EXPUNGE);

  /** UID THREAD. */
  public static final Verb UID_THREAD = verb("UID THREAD", true);

  private static Verb verb(String name, boolean byUid) {
    return Verb.of(name, (in, context, registry) -> parse(in, context, registry, byUid));
  }

  private static ThreadMessages parse(
      Arguments in, CommandContext context, ExtensionRegistry registry, boolean byUid)
      throws BadSyntax {
    in.space();
    if (!byUid) {
      context.requireNumbers(in);
    }
    long start = in.position();
    var name = in.word(ALGORITHM);
    var algorithm =
        Arrays.stream(ThreadRun.Algorithm.values())
            .filter(it -> it.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new BadSyntax(ALGORITHM + " instead of " + name, start));
    in.space();
    var program = SearchText.readWithCharset(in, new Search.Extended(context, registry));
    return new ThreadMessages(algorithm, program, byUid);
  }

  @Override
  public Set<String> enables() {
    return SearchPrograms.enables(program);
  }

  @Override
  public boolean usesNumbers() {
    return SearchPrograms.usesNumbers(program);
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.Selected state) {
    var view = state.view();
    return switch (program) {
      case Program.UnknownCharset _ -> Search.unknownCharset().now();
      case Program.Asked(var criterion) ->
          context
              .updates()
              .index(view, false)
              .chain(index -> thread(context, view, index, criterion));
    };
  }

  private Uni<Outcome> thread(
      CommandContext context, View view, MailboxIndex index, Criterion criterion) {
    var budget = SearchBudget.of(context);
    return new SearchLimit(context, budget)
        .count(view, index, criterion)
        .chain(() -> SearchRun.positions(context, view, index, criterion, budget))
        .chain(
            positions ->
                ThreadRun.threads(context, view, index, positions, algorithm)
                    .chain(
                        tokens ->
                            context
                                .reply()
                                .sendThreads(
                                    tokens, it -> number(view, index, positions[(int) it]))))
        .<Outcome>replaceWith(Outcome.ok((byUid ? "UID THREAD" : "THREAD") + " completed."))
        .onFailure(SearchBudget.Exceeded.class)
        .recoverWithItem(exceeded -> exceeded.outcome());
  }

  private long number(View view, MailboxIndex index, int position) {
    long uid = index.uid(position);
    return byUid ? uid : view.number(index, uid);
  }
}
