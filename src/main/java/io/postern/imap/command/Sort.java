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
import io.postern.imap.spi.SearchReturn;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.NumberSet;
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
    return Verb.of(name, (in, context, registry) -> parse(in, context, registry, byUid));
  }

  private static Sort parse(
      Arguments in, CommandContext context, ExtensionRegistry registry, boolean byUid)
      throws BadSyntax {
    in.space();
    if (!byUid) {
      context.requireNumbers(in);
    }
    var options = Search.options(in, context, registry);
    var criteria = criteria(in, registry.searchKey("FUZZY").isPresent());
    in.space();
    var program =
        Search.ranked(
            SearchText.readWithCharset(in, new Search.Extended(context, registry)), options, in);
    if (byRelevancy(criteria) && !SearchPrograms.isFuzzy(program)) {
      throw in.expected("a search key with FUZZY, since RELEVANCY is a criterion,");
    }
    return new Sort(criteria, program, byUid, options);
  }

  private static boolean byRelevancy(List<SortRun.Criterion> criteria) {
    return criteria.stream().anyMatch(it -> it.key() == SortKey.RELEVANCY);
  }

  /**
   * Parses the criteria.
   *
   * @param fuzzy whether RELEVANCY is one of them (RFC 6203 §6)
   */
  private static List<SortRun.Criterion> criteria(Arguments in, boolean fuzzy) throws BadSyntax {
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
      criteria.add(new SortRun.Criterion(key(in, fuzzy), reverse));
    } while (in.trySpace());
    in.closeList();
    return criteria;
  }

  private static SortKey key(Arguments in, boolean fuzzy) throws BadSyntax {
    long start = in.position();
    var name = in.word(KEY);
    return Arrays.stream(SortKey.values())
        .filter(key -> key.name().equals(name) && (fuzzy || key != SortKey.RELEVANCY))
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
    return found(context, view, index, criterion)
        .chain(
            found ->
                SortRun.sorted(context, view, index, found, criteria)
                    .map(sorted -> result(context, view, index, criterion, found, sorted)))
        .chain(result -> send(context, result))
        .<Outcome>replaceWith(Outcome.ok((byUid ? "UID SORT" : "SORT") + " completed."))
        .onFailure(SearchBudget.Exceeded.class)
        .recoverWithItem(
            exceeded -> {
              failed(view);
              return exceeded.outcome();
            });
  }

  private Uni<SearchRun.Ranked> found(
      CommandContext context, View view, MailboxIndex index, Criterion criterion) {
    var budget = SearchBudget.of(context);
    return new SearchLimit(context, budget)
        .count(view, index, criterion)
        .chain(
            () ->
                byRelevancy(criteria) || Search.ranks(options)
                    ? SearchRun.ranked(context, view, index, criterion, budget)
                    : SearchRun.positions(context, view, index, criterion, budget)
                        .map(positions -> new SearchRun.Ranked(positions, _ -> 1)));
  }

  private SearchReturn.Result result(
      CommandContext context,
      View view,
      MailboxIndex index,
      Criterion criterion,
      SearchRun.Ranked found,
      int[] sorted) {
    return new SearchReturn.Result(
        view,
        index,
        sorted,
        byUid,
        Optional.of((later, positions) -> sorted(context, view, later, criterion, positions)),
        Optional.of(found.relevancies()));
  }

  /** Sorts messages of a later index: how relevant they are is found again. */
  private Uni<int[]> sorted(
      CommandContext context, View view, MailboxIndex later, Criterion criterion, int[] positions) {
    if (!byRelevancy(criteria)) {
      return SortRun.sorted(
          context, view, later, new SearchRun.Ranked(positions, _ -> 1), criteria);
    }
    var uids = NumberSet.of(Arrays.stream(positions).mapToLong(later::uid));
    var among = new Criterion.And(List.of(new Criterion.InUids(uids), criterion));
    return SearchRun.ranked(context, view, later, among, SearchBudget.of(context))
        .chain(found -> SortRun.sorted(context, view, later, found, criteria));
  }

  private Uni<Void> send(CommandContext context, SearchReturn.Result result) {
    var reply = context.reply();
    return options.isPresent()
        ? Search.sendReturned(context, program, result, options.get())
        : SearchPrograms.highestModSeq(reply, program, result, List.of())
            .chain(modSeq -> reply.sendNumbers("SORT", result.count(), result::number, modSeq));
  }
}
