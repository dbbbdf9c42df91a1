package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.SearchText;
import io.postern.imap.grammar.SearchText.KeyReader;
import io.postern.imap.grammar.SearchText.Program;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.Untagged;
import io.postern.imap.response.Untagged.ReturnData;
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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * SEARCH and UID SEARCH (RFC 3501 §6.4.4), with the return options of extensions (RFC 4466 §2.6.1).
 *
 * @param options empty when the client gave no list of them
 */
record Search(Program program, boolean byUid, Optional<List<SearchReturn.Effect>> options)
    implements Command.Mailbox {
  static final Verb SEARCH = verb("SEARCH", false).updating(Updates.Scope.WITHOUT_EXPUNGE);
  static final Verb UID_SEARCH = verb("UID SEARCH", true);

  private static Verb verb(String name, boolean byUid) {
    return Verb.of(name, (in, context, registry) -> parse(in, context, registry, byUid));
  }

  private static Search parse(
      Arguments in, CommandContext context, ExtensionRegistry registry, boolean byUid)
      throws BadSyntax {
    in.space();
    if (!byUid) {
      context.requireNumbers(in);
    }
    var options = options(in, context, registry);
    return new Search(ranked(program(in, context, registry), options, in), byUid, options);
  }

  /** Parses a search program up to the end of the command. */
  static Program program(Arguments in, CommandContext context, ExtensionRegistry registry)
      throws BadSyntax {
    // RFC 6855 §3
    if (context.enabled().utf8Accept() && in.fork().tryKeyword("CHARSET")) {
      throw in.expected("a search key, since UTF8=ACCEPT is enabled and its texts are UTF-8,");
    }
    return SearchText.read(in, new Extended(context, registry));
  }

  /** RFC 6203 §4: how relevant messages are can be asked for of fuzzy programs only. */
  static Program ranked(Program program, Optional<List<SearchReturn.Effect>> options, Arguments in)
      throws BadSyntax {
    if (ranks(options) && !SearchPrograms.isFuzzy(program)) {
      throw in.expected("a search key with FUZZY, since RELEVANCY is asked for,");
    }
    return program;
  }

  /** Whether an option returns how relevant messages are. */
  static boolean ranks(Optional<List<SearchReturn.Effect>> options) {
    return options.stream().flatMap(List::stream).anyMatch(SearchReturn.Effect::ranks);
  }

  /**
   * Searches for the messages of a view, ascending.
   *
   * @param options that may ask how relevant they are
   */
  static Uni<SearchReturn.Result> found(
      CommandContext context,
      View view,
      MailboxIndex index,
      Criterion criterion,
      SearchBudget budget,
      boolean byUid,
      Optional<List<SearchReturn.Effect>> options) {
    return ranks(options)
        ? SearchRun.ranked(context, view, index, criterion, budget)
            .map(
                it ->
                    new SearchReturn.Result(
                        view,
                        index,
                        it.positions(),
                        byUid,
                        Optional.empty(),
                        Optional.of(it.relevancies())))
        : SearchRun.positions(context, view, index, criterion, budget)
            .map(positions -> new SearchReturn.Result(view, index, positions, byUid));
  }

  /** Parses the return options, if there are any, and the space behind them. */
  static Optional<List<SearchReturn.Effect>> options(
      Arguments in, CommandContext context, ExtensionRegistry registry) throws BadSyntax {
    if (!registry.hasSearchReturns() || !in.tryKeyword("RETURN")) {
      return Optional.empty();
    }
    in.space();
    in.openList();
    var options =
        Parameters.read(
            in,
            "a return option of SEARCH",
            registry::searchReturn,
            (option, rest) -> option.reader().read(rest, context));
    for (var option : options) {
      var conflict = option.conflict(options);
      if (conflict.isPresent()) {
        throw in.expected(conflict.get());
      }
    }
    in.space();
    return Optional.of(options);
  }

  /** What extensions add to search programs. */
  record Extended(CommandContext context, ExtensionRegistry registry)
      implements SearchText.Additions {
    @Override
    public Optional<KeyReader> key(String name) {
      return registry.searchKey(name).map(key -> search -> key.reader().read(search, context));
    }

    @Override
    public Optional<NumberSet> marked(int octet) {
      return context.extensions().marked(octet, context);
    }

    @Override
    public void requireNumbers(Arguments in) throws BadSyntax {
      context.requireNumbers(in);
    }
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
        yield unknownCharset().now();
      }
      case Program.Asked(var criterion) ->
          context
              .updates()
              .index(view, false)
              .chain(index -> search(context, view, index, criterion))
              .onFailure()
              .invoke(() -> failed(view));
    };
  }

  static Outcome unknownCharset() {
    return Outcome.no(
        new ResponseCode.BadCharset(SearchText.CHARSETS), "The charset is not known here.");
  }

  private void failed(View view) {
    options.ifPresent(all -> all.forEach(option -> option.failed(view)));
  }

  private Uni<Outcome> search(
      CommandContext context, View view, MailboxIndex index, Criterion criterion) {
    var budget = SearchBudget.of(context);
    return new SearchLimit(context, budget)
        .narrow(view, index, criterion)
        .chain(
            some ->
                found(context, view, index, some.criterion(), budget, byUid, options)
                    .chain(result -> send(context, some.criterion(), result))
                    .map(_ -> some.part().completed(completed())))
        .onFailure(SearchBudget.Exceeded.class)
        .recoverWithItem(
            exceeded -> {
              failed(view);
              return exceeded.outcome();
            });
  }

  private Outcome completed() {
    return Outcome.ok((byUid ? "UID SEARCH" : "SEARCH") + " completed.");
  }

  private Uni<Void> send(CommandContext context, Criterion criterion, SearchReturn.Result result) {
    var searched = new Program.Asked(criterion);
    var reply = context.reply();
    return options.isPresent()
        ? sendReturned(context, searched, result, options.get())
        : SearchPrograms.highestModSeq(reply, searched, result, List.of())
            .chain(
                modSeq ->
                    reply.sendFound(context.tag(), byUid, result.count(), result::number, modSeq));
  }

  /** Sends what the options of a search that has succeeded return. */
  static Uni<Void> sendReturned(
      CommandContext context,
      Program program,
      SearchReturn.Result result,
      List<SearchReturn.Effect> asked) {
    asked.forEach(option -> option.succeeded(result, asked));
    return sendData(context, program, result, asked).invoke(() -> answered(program, result, asked));
  }

  /** Calls the options of a search of which the response was sent. */
  static void answered(
      Program program, SearchReturn.Result result, List<SearchReturn.Effect> asked) {
    if (program instanceof Program.Asked(var criterion)) {
      asked.forEach(option -> option.answered(result, criterion));
    }
  }

  private static Uni<Void> sendData(
      CommandContext context,
      Program program,
      SearchReturn.Result result,
      List<SearchReturn.Effect> asked) {
    if (!asked.isEmpty() && asked.stream().noneMatch(SearchReturn.Effect::responds)) {
      return Uni.createFrom().voidItem();
    }
    return SearchPrograms.highestModSeq(context.reply(), program, result, asked)
        .invoke(
            modSeq -> {
              var data = data(result, asked);
              var esearch = new Untagged.Esearch(context.tag(), result.byUid(), data);
              context.reply().send(esearch.with(modSeq));
            })
        .replaceWithVoid();
  }

  /** What the options return; without options all. */
  static List<ReturnData> data(SearchReturn.Result result, List<SearchReturn.Effect> asked) {
    if (asked.isEmpty()) {
      // RFC 4731 §3.1: an empty list asks for all.
      return result.count() == 0 ? List.of() : List.of(result.all("ALL"));
    }
    // RFC 6203 §4: how relevant the messages are stands behind them.
    return asked.stream()
        .sorted(Comparator.comparing(SearchReturn.Effect::ranks))
        .flatMap(option -> option.data(result).stream())
        .toList();
  }
}
