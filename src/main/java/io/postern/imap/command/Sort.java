package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.SearchText;
import io.postern.imap.grammar.SearchText.Program;
import io.postern.imap.selected.Updates;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.SearchReturn;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.message.Criterion;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * SORT and UID SORT (RFC 5256 §3), with the return options of SEARCH (RFC 5267 §3.1).
 *
 * @param options empty when the client gave no list of them
 */
public record Sort(
    List<SortRun.Criterion> criteria,
    Program program,
    boolean byUid,
    Optional<List<SearchReturn.Effect>> options)
    implements Command.Mailbox {
  /** Most criteria of one command. */
  private static final int MAX_CRITERIA = 16;

  private static final String KEY = "a criterion of SORT";

  /** SORT. */
  public static final Verb SORT = verb("SORT", false).updating(Updates.Scope.WITHOUT_EXPUNGE);

  /** UID SORT. */
  public static final Verb UID_SORT = verb("UID SORT", true);

  private static Verb verb(String name, boolean byUid) {
    return Verb.of(name, (in, context) -> parse(in, context, byUid));
  }

  private static Sort parse(Arguments in, CommandContext context, boolean byUid) throws BadSyntax {
    in.space();
    if (!byUid) {
      context.requireNumbers(in);
    }
    var options = Search.options(in, context);
    var criteria = criteria(in);
    in.space();
    var program = SearchText.readWithCharset(in, new Search.Extended(context));
    return new Sort(criteria, program, byUid, options);
  }

  private static List<SortRun.Criterion> criteria(Arguments in) throws BadSyntax {
    var criteria = new ArrayList<SortRun.Criterion>();
    in.openList();
    do {
      if (criteria.size() == MAX_CRITERIA) {
        throw in.expected("at most " + MAX_CRITERIA + " criteria of SORT");
      }
      boolean reverse = in.tryKeyword("REVERSE");
      if (reverse) {
        in.space();
      }
      criteria.add(new SortRun.Criterion(key(in), reverse));
    } while (in.trySpace());
    in.closeList();
    return criteria;
  }

  private static SortKey key(Arguments in) throws BadSyntax {
    long start = in.position();
    var name = in.word(KEY);
    return Arrays.stream(SortKey.values())
        .filter(key -> key.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new BadSyntax(KEY + " instead of " + name, start));
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
      case Program.UnknownCharset _ -> {
        failed(view);
        yield Search.unknownCharset().now();
      }
      case Program.Asked(var criterion) ->
          context
              .updates()
              .index(view, false)
              .chain(index -> sort(context, view, index, criterion))
              .onFailure()
              .invoke(() -> failed(view));
    };
  }

  private void failed(View view) {
    options.ifPresent(all -> all.forEach(option -> option.failed(view)));
  }

  private Uni<Outcome> sort(
      CommandContext context, View view, MailboxIndex index, Criterion criterion) {
    Optional<SearchReturn.Result.Order> order =
        Optional.of(
            (later, positions) -> SortRun.sorted(context, view, later, positions, criteria));
    return SearchRun.positions(context, view, index, criterion, SearchBudget.of(context))
        .chain(positions -> SortRun.sorted(context, view, index, positions, criteria))
        .map(positions -> new SearchReturn.Result(view, index, positions, byUid, order))
        .chain(result -> send(context, result))
        .<Outcome>replaceWith(Outcome.ok((byUid ? "UID SORT" : "SORT") + " completed."))
        .onFailure(SearchBudget.Exceeded.class)
        .recoverWithItem(
            exceeded -> {
              failed(view);
              return Outcome.no("LIMIT", exceeded.text());
            });
  }

  private Uni<Void> send(CommandContext context, SearchReturn.Result result) {
    var reply = context.reply();
    return options.isPresent()
        ? Search.sendReturned(context, program, result, options.get())
        : SearchPrograms.highestModSeq(reply, program, result, List.of())
            .chain(modSeq -> reply.sendNumbers("SORT", result.count(), result::number, modSeq));
  }
}
