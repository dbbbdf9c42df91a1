package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.ListPattern;
import io.postern.imap.response.Untagged;
import io.postern.imap.response.Untagged.ExtendedItem;
import io.postern.imap.response.Untagged.Listing;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.ListOption;
import io.postern.imap.spi.ListOption.Need;
import io.postern.imap.spi.ListOption.Role;
import io.postern.imap.spi.ListOption.Selection;
import io.postern.imap.spi.ListOption.Shows;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * LIST (RFC 3501 §6.3.8), also in its extended form (RFC 5258 §3) with the options that extensions
 * add.
 *
 * @param patterns at least one; more than one in the extended form only
 * @param selections a name is listed if all of them select it, or for the names below it
 * @param shows what is shown besides
 * @param extended whether the extended form was used
 */
public record ListMailboxes(
    Listing listing,
    String reference,
    List<String> patterns,
    List<Selection> selections,
    List<Shows> shows,
    boolean extended)
    implements Command.User {
  /** Most patterns of one command. */
  static final int MAX_PATTERNS = 64;

  /** Names that are sent before other sessions run. */
  private static final int SLICE = 256;

  static final Verb LIST = Verb.of("LIST", ListMailboxes::parse);

  /** A command in the form of RFC 3501, of another name. */
  public static ListMailboxes plain(Listing listing, Arguments in, List<Shows> shows)
      throws BadSyntax {
    in.space();
    var reference = in.listMailbox();
    in.space();
    var pattern = in.listMailbox();
    in.end();
    return new ListMailboxes(listing, reference, List.of(pattern), List.of(), shows, false);
  }

  private static ListMailboxes parse(
      Arguments in, CommandContext context, ExtensionRegistry registry) throws BadSyntax {
    in.space();
    boolean selecting = in.tryOpenList();
    List<Selection> selections = selecting ? selections(in, registry) : List.of();
    if (selecting) {
      in.space();
    }
    var reference = in.listMailbox();
    in.space();
    boolean several = in.tryOpenList();
    var patterns = several ? patterns(in) : List.of(in.listMailbox());
    boolean returning = in.trySpace();
    var shows = new LinkedHashSet<Shows>();
    selections.forEach(selection -> shows.add(selection.implied()));
    if (returning) {
      in.keyword("RETURN");
      in.space();
      in.openList();
      shows.addAll(returns(in, context, registry));
    }
    in.end();
    boolean extended = selecting || several || returning;
    return new ListMailboxes(
        Listing.LIST, reference, patterns, selections, List.copyOf(shows), extended);
  }

  private static List<Selection> selections(Arguments in, ExtensionRegistry registry)
      throws BadSyntax {
    var selections =
        Parameters.read(in, "an option of LIST", registry::listSelection, (option, _) -> option);
    // RFC 5258 §6: list-select-opts
    if (has(selections, Role.RECURSIVE) && !has(selections, Role.BASE)) {
      throw in.expected("an option besides that RECURSIVEMATCH extends");
    }
    return selections;
  }

  private static boolean has(List<Selection> selections, Role role) {
    return selections.stream().anyMatch(it -> it.role() == role);
  }

  private static List<Shows> returns(
      Arguments in, CommandContext context, ExtensionRegistry registry) throws BadSyntax {
    return Parameters.read(
        in,
        "an option of LIST",
        registry::listReturn,
        (option, rest) -> option.reader().read(rest, context));
  }

  private static List<String> patterns(Arguments in) throws BadSyntax {
    var patterns = new ArrayList<String>();
    do {
      patterns.add(in.listMailbox());
    } while (in.trySpace());
    in.closeList();
    return patterns;
  }

  /** The answer to a question for the delimiter (RFC 3501 §6.3.8). */
  static Untagged root(Listing listing) {
    return new Untagged.Listed(listing, List.of("\\Noselect"), Optional.empty());
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
    // RFC 3501 §6.3.8: an empty pattern asks for the delimiter and the root of the reference;
    // RFC 5258 §3: in the extended form it matches nothing.
    if (!extended && patterns.getFirst().isEmpty()) {
      context.reply().send(root(listing));
      return done().now();
    }
    if (patterns.size() > MAX_PATTERNS) {
      return Outcome.no("LIMIT", "LIST takes at most " + MAX_PATTERNS + " patterns.").now();
    }
    var wildcards =
        patterns.stream()
            .filter(pattern -> !pattern.isEmpty())
            .map(pattern -> ListPattern.of(reference, pattern))
            .toList();
    var account = state.identity().account();
    return Uni.combine()
        .all()
        .unis(tree(context, account), prepared(context, account))
        .asTuple()
        .chain(
            read ->
                new ListedNames(read.getItem1(), wildcards, selections)
                    .select(TimeSlices.on(context.connection()))
                    .chain(names -> send(context, names, read.getItem2())))
        .replaceWith(done());
  }

  private Uni<List<Shows>> prepared(CommandContext context, AccountId account) {
    return shows.isEmpty()
        ? Uni.createFrom().item(shows)
        : Uni.join()
            .all(shows.stream().map(it -> it.prepared(context, account)).toList())
            .andFailFast();
  }

  /** Reads what the options need: all statements are sent together. */
  private Uni<ListedNames.Tree> tree(CommandContext context, AccountId account) {
    var mailboxes = context.ports().mailboxes();
    var list = mailboxes.list(account);
    if (!needs(Need.SUBSCRIPTIONS) && !needs(Need.STATES)) {
      return list.map(all -> new ListedNames.Tree(all, new TreeSet<>(), Optional.empty()));
    }
    Uni<SortedSet<MailboxName>> subscriptions =
        needs(Need.SUBSCRIPTIONS)
            ? mailboxes.subscriptions(account)
            : Uni.createFrom().item(new TreeSet<>());
    Uni<Optional<Map<MailboxId, MailboxState>>> states =
        needs(Need.STATES)
            ? mailboxes.states(account).map(Optional::of)
            : Uni.createFrom().item(Optional.empty());
    return Uni.combine().all().unis(list, subscriptions, states).with(ListedNames.Tree::new);
  }

  private boolean needs(Need need) {
    return shows.stream().anyMatch(it -> it.needs().contains(need));
  }

  private Uni<Void> send(
      CommandContext context, List<ListedNames.Found> names, List<Shows> prepared) {
    if (prepared.isEmpty()) {
      return context.reply().each(names.size(), i -> sendName(context, names.get(i)));
    }
    return Multi.createFrom()
        .range(0, names.size())
        .onItem()
        .transformToUniAndConcatenate(
            i ->
                sendWithReturns(context, names.get(i), prepared)
                    .chain(() -> i % SLICE == SLICE - 1 ? context.reply().pause() : room(context)))
        .onItem()
        .ignoreAsUni();
  }

  private static Uni<Void> room(CommandContext context) {
    return context.reply().room();
  }

  private void sendName(CommandContext context, ListedNames.Found found) {
    var name = found.name();
    var attributes = new LinkedHashSet<String>();
    if (name.mailbox().isEmpty()) {
      // RFC 3501 §6.3.4; also of a level of names for clients that do not know the other one.
      if (!extended || name.hasChildren()) {
        attributes.add("\\Noselect");
      }
      if (extended) {
        // RFC 5258 §3: implies \Noselect.
        attributes.add("\\NonExistent");
      }
    }
    context
        .extensions()
        .listAttributes(name.mailbox(), name.hasChildren())
        .forEach(attributes::add);
    shows.forEach(it -> attributes.addAll(it.attributes(name)));
    context
        .reply()
        .send(
            new Untagged.Listed(
                listing,
                List.copyOf(attributes),
                Optional.of(name.name()),
                found.above() ? childInfo() : List.of()));
  }

  /** RFC 5258 §3.5: the criteria that names below it satisfy. */
  private List<ExtendedItem> childInfo() {
    return List.of(
        new ExtendedItem(
            "CHILDINFO",
            selections.stream()
                .filter(it -> it.role() == Role.BASE)
                .map(ListOption::name)
                .toList()));
  }

  private Uni<Void> sendWithReturns(
      CommandContext context, ListedNames.Found found, List<Shows> prepared) {
    sendName(context, found);
    // RFC 5819 §3: nothing is said of a name that is shown for those below it.
    return !found.selected()
        ? Uni.createFrom().voidItem()
        : Multi.createFrom()
            .iterable(prepared)
            .onItem()
            .transformToUniAndConcatenate(it -> it.behind(context, found.name()))
            .onItem()
            .invoke(response -> response.ifPresent(context.reply()::send))
            .onItem()
            .ignoreAsUni();
  }

  private Outcome done() {
    return Outcome.ok(listing + " completed.");
  }
}
