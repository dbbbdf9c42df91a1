package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.SearchText.Program;
import io.postern.imap.response.Untagged;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.SearchReturn;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.NumberSet;
import io.postern.model.message.Criterion;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * ESEARCH (RFC 7377): one search through several mailboxes, one after the other, with one limit of
 * its cost for all. A mailbox in which nothing is found is not answered.
 */
public record MultiSearch(
    SearchScope scope, Program program, Optional<List<SearchReturn.Effect>> options)
    implements Command.User {
  /** Most mailboxes that one command goes through. */
  static final int MAX_MAILBOXES = 1_000;

  public static final Verb VERB = Verb.of("ESEARCH", MultiSearch::parse);

  private static MultiSearch parse(Arguments in, CommandContext context, ExtensionRegistry registry)
      throws BadSyntax {
    in.space();
    var scope = SearchScope.SELECTED;
    if (in.tryKeyword("IN")) {
      in.space();
      scope = SearchScope.read(in);
      in.space();
    }
    var options = Search.options(in, context, registry);
    boolean saves = options.stream().flatMap(List::stream).anyMatch(SearchReturn.Effect::saves);
    if (saves && !scope.isSelectedAlone()) {
      throw in.expected("SAVE with the selected mailbox alone");
    }
    var program = Search.ranked(Search.program(in, context, registry), options, in);
    return new MultiSearch(scope, program, options);
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
  public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
    if (scope.hasSelected() && context.view().isEmpty()) {
      return Outcome.bad("SELECT or EXAMINE a mailbox first.").now();
    }
    return switch (program) {
      case Program.UnknownCharset _ -> Search.unknownCharset().now();
      case Program.Asked(var criterion) ->
          names(context, state.identity().account())
              .chain(names -> search(context, names, criterion));
    };
  }

  /** The mailboxes to search, each once, by their keys. */
  private Uni<Map<MailboxKey, Target>> names(CommandContext context, AccountId account) {
    var targets = new LinkedHashMap<MailboxKey, Target>();
    context
        .view()
        .filter(_ -> scope.hasSelected())
        .ifPresent(view -> targets.put(view.mailbox(), new Target(Optional.empty())));
    if (scope.isSelectedAlone()) {
      return Uni.createFrom().item(targets);
    }
    var mailboxes = context.ports().mailboxes();
    var subscribed =
        scope.needsSubscriptions()
            ? mailboxes.subscriptions(account).map(Set::copyOf)
            : Uni.createFrom().item(Set.<MailboxName>of());
    return Uni.combine()
        .all()
        .unis(mailboxes.readable(account), subscribed)
        .with(
            (all, names) -> {
              for (var mailbox : scope.of(all, names)) {
                targets.putIfAbsent(mailbox.key(), new Target(Optional.of(mailbox)));
              }
              return targets;
            });
  }

  /**
   * A mailbox to search.
   *
   * @param mailbox empty for the selected one
   */
  private record Target(Optional<MailboxInfo> mailbox) {}

  private Uni<Outcome> search(
      CommandContext context, Map<MailboxKey, Target> targets, Criterion criterion) {
    if (targets.size() > MAX_MAILBOXES) {
      var text = "ESEARCH goes through at most " + MAX_MAILBOXES + " mailboxes.";
      return Outcome.no("LIMIT", text).now();
    }
    var budget = SearchBudget.of(context);
    var limit = new SearchLimit(context, budget);
    return Multi.createFrom()
        .iterable(List.copyOf(targets.entrySet()))
        .onItem()
        .transformToUniAndConcatenate(
            it -> search(context, it.getKey(), it.getValue(), criterion, budget, limit))
        .onItem()
        .ignoreAsUni()
        .<Outcome>replaceWith(Outcome.ok("ESEARCH completed."))
        .onFailure(SearchBudget.Exceeded.class)
        .recoverWithItem(exceeded -> exceeded.outcome());
  }

  /** A mailbox that is deleted meanwhile is left out, unless it is the selected one. */
  private Uni<Void> search(
      CommandContext context,
      MailboxKey key,
      Target target,
      Criterion criterion,
      SearchBudget budget,
      SearchLimit limit) {
    if (target.mailbox().isEmpty() || context.view().filter(it -> isOf(it, key)).isPresent()) {
      var view = context.view().orElseThrow();
      return context
          .updates()
          .index(view, false)
          .chain(index -> found(context, view, index, criterion, budget, limit));
    }
    var mailbox = target.mailbox().get();
    return context
        .ports()
        .indexes()
        .current(key)
        .chain(
            index -> {
              var view = new View(key, mailbox.name(), true, 0, index, NumberSet.EMPTY);
              return found(context, view, index, criterion, budget, limit);
            })
        .onFailure(MultiSearch::isMailboxGone)
        .recoverWithNull()
        .replaceWithVoid();
  }

  private static boolean isOf(View view, MailboxKey key) {
    return view.mailbox().equals(key);
  }

  private static boolean isMailboxGone(Throwable failure) {
    return failure instanceof StoreException e && e.failure() instanceof StoreFailure.MailboxGone;
  }

  private Uni<Void> found(
      CommandContext context,
      View view,
      MailboxIndex index,
      Criterion criterion,
      SearchBudget budget,
      SearchLimit limit) {
    return limit
        .count(view, index, criterion)
        .chain(() -> Search.found(context, view, index, criterion, budget, true, options))
        .chain(result -> send(context, result))
        .call(() -> context.reply().pause());
  }

  /** RFC 7377 §2.1: nothing of a mailbox in which nothing was found. */
  private Uni<Void> send(CommandContext context, SearchReturn.Result result) {
    var asked = options.orElse(List.of());
    asked.forEach(option -> option.succeeded(result, asked));
    return sendData(context, result, asked)
        .invoke(
            () -> {
              // RFC 7377 §2.2: UPDATE is for the selected mailbox.
              if (context.view().filter(view -> view == result.view()).isPresent()) {
                Search.answered(program, result, asked);
              }
            });
  }

  private Uni<Void> sendData(
      CommandContext context, SearchReturn.Result result, List<SearchReturn.Effect> asked) {
    boolean silent = !asked.isEmpty() && asked.stream().noneMatch(SearchReturn.Effect::responds);
    if (result.count() == 0 || silent) {
      return Uni.createFrom().voidItem();
    }
    var view = result.view();
    var source = new Untagged.Source(view.name(), view.uidValidity());
    return SearchPrograms.highestModSeq(context.reply(), program, result, asked)
        .invoke(
            modSeq ->
                context
                    .reply()
                    .send(
                        new Untagged.Esearch(
                                context.tag(),
                                Optional.of(source),
                                true,
                                Search.data(result, asked))
                            .with(modSeq)))
        .replaceWithVoid();
  }
}
