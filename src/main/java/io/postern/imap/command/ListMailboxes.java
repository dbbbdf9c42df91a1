package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.ListPattern;
import io.postern.imap.response.Untagged;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.ListOption;
import io.postern.imap.spi.ListOption.Name;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * LIST and LSUB (RFC 3501 §6.3.8, §6.3.9). LIST accepts the syntax of RFC 5258 §3 with the options
 * that extensions add.
 *
 * @param patterns at least one; more than one in the extended form only
 * @param selections a name is listed if all of them select it
 * @param returns what is shown besides
 * @param extended whether the extended form was used
 */
record ListMailboxes(
    String reference,
    List<String> patterns,
    List<ListOption.Selection> selections,
    List<ListOption.Return> returns,
    boolean extended,
    boolean subscribed)
    implements Command.User {
  static final Verb LIST = Verb.of("LIST", ListMailboxes::parse);
  static final Verb LSUB = Verb.of("LSUB", ListMailboxes::parseLsub);

  private static ListMailboxes parseLsub(Arguments in) throws BadSyntax {
    in.space();
    var reference = in.listMailbox();
    in.space();
    var pattern = in.listMailbox();
    in.end();
    return new ListMailboxes(reference, List.of(pattern), List.of(), List.of(), false, true);
  }

  private static ListMailboxes parse(Arguments in, CommandContext context) throws BadSyntax {
    in.space();
    boolean selecting = in.tryOpenList();
    List<ListOption.Selection> selections =
        selecting ? options(in, context.extensions()::listSelection) : List.of();
    if (selecting) {
      in.space();
    }
    var reference = in.listMailbox();
    in.space();
    boolean several = in.tryOpenList();
    var patterns = several ? patterns(in) : List.of(in.listMailbox());
    boolean returning = in.trySpace();
    List<ListOption.Return> returns = List.of();
    if (returning) {
      in.keyword("RETURN");
      in.space();
      in.openList();
      returns = options(in, context.extensions()::listReturn);
    }
    in.end();
    boolean extended = selecting || several || returning;
    return new ListMailboxes(reference, patterns, selections, returns, extended, false);
  }

  /** Parses options up to the end of their list, maybe none. */
  private static <T> List<T> options(Arguments in, Function<String, Optional<T>> lookup)
      throws BadSyntax {
    return Parameters.read(in, "an option of LIST", lookup, (option, _) -> option);
  }

  private static List<String> patterns(Arguments in) throws BadSyntax {
    var patterns = new ArrayList<String>();
    do {
      patterns.add(in.listMailbox());
    } while (in.trySpace());
    in.closeList();
    return patterns;
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
    // RFC 3501 §6.3.8: an empty pattern asks for the delimiter and the root of the reference;
    // RFC 5258 §3: in the extended form it matches nothing.
    if (!extended && patterns.getFirst().isEmpty()) {
      context
          .reply()
          .send(new Untagged.Listed(subscribed, List.of("\\Noselect"), Optional.empty()));
      return done().now();
    }
    var wildcards =
        patterns.stream()
            .filter(pattern -> !pattern.isEmpty())
            .map(pattern -> ListPattern.of(reference, pattern))
            .toList();
    Predicate<MailboxName> matching =
        name -> wildcards.stream().anyMatch(each -> each.matches(name));
    var account = state.identity().account();
    var mailboxes = context.ports().mailboxes();
    return subscribed
        ? mailboxes
            .subscriptions(account)
            .chain(names -> lsub(context, subscriptions(names, matching)))
        : mailboxes.list(account).chain(all -> list(context, names(all), matching));
  }

  /** All existing names, INBOX first: those of mailboxes, and their parents. */
  private static List<Name> names(List<MailboxInfo> all) {
    var names =
        new TreeMap<MailboxName, Optional<MailboxInfo>>(
            Comparator.comparing((MailboxName name) -> !name.isInbox())
                .thenComparing(Comparator.naturalOrder()));
    all.forEach(m -> names.put(m.name(), Optional.of(m)));
    var parents = new HashSet<MailboxName>();
    for (var mailbox : all) {
      var above = mailbox.name().parent();
      while (above.isPresent() && parents.add(above.get())) {
        names.putIfAbsent(above.get(), Optional.empty());
        above = above.get().parent();
      }
    }
    return names.entrySet().stream()
        .map(e -> new Name(e.getKey(), e.getValue(), parents.contains(e.getKey())))
        .toList();
  }

  private Uni<Outcome> list(
      CommandContext context, List<Name> all, Predicate<MailboxName> matching) {
    var shown =
        all.stream()
            .filter(name -> selections.stream().allMatch(it -> it.selects().test(name)))
            .filter(name -> matching.test(name.name()))
            .toList();
    var listed =
        returns.isEmpty()
            ? context.reply().each(shown.size(), i -> send(context, shown.get(i)))
            : Multi.createFrom()
                .iterable(shown)
                .onItem()
                .transformToUniAndConcatenate(name -> sendWithReturns(context, name))
                .onItem()
                .ignoreAsUni();
    return listed.replaceWith(done());
  }

  private void send(CommandContext context, Name name) {
    context
        .reply()
        .send(new Untagged.Listed(false, attributes(context, name), Optional.of(name.name())));
  }

  private Uni<Void> sendWithReturns(CommandContext context, Name name) {
    send(context, name);
    return Multi.createFrom()
        .iterable(returns)
        .onItem()
        .transformToUniAndConcatenate(it -> it.shows().behind(context, name))
        .onItem()
        .invoke(response -> response.ifPresent(context.reply()::send))
        .onItem()
        .ignoreAsUni()
        .chain(context.reply()::room);
  }

  private List<String> attributes(CommandContext context, Name name) {
    var attributes = new LinkedHashSet<String>();
    if (name.mailbox().isEmpty()) {
      // RFC 3501 §6.3.4
      attributes.add("\\Noselect");
      // RFC 5258 §3: implies the other, for clients that never saw LIST-EXTENDED announced.
      if (extended) {
        attributes.add("\\NonExistent");
      }
    }
    context
        .extensions()
        .listAttributes(name.mailbox(), name.hasChildren())
        .forEach(attributes::add);
    returns.forEach(it -> attributes.addAll(it.shows().attributes(name)));
    return List.copyOf(attributes);
  }

  /** The names to list, each with whether it is subscribed itself. */
  private static TreeMap<MailboxName, Boolean> subscriptions(
      SortedSet<MailboxName> names, Predicate<MailboxName> matching) {
    var shown = new TreeMap<MailboxName, Boolean>();
    for (var name : names) {
      if (matching.test(name)) {
        shown.put(name, true);
        continue;
      }
      // RFC 3501 §6.3.9: a subscribed name lies below what "%" matches.
      for (var above = name.parent(); above.isPresent(); above = above.get().parent()) {
        if (matching.test(above.get())) {
          shown.putIfAbsent(above.get(), false);
        }
      }
    }
    return shown;
  }

  private Uni<Outcome> lsub(CommandContext context, TreeMap<MailboxName, Boolean> shown) {
    var names = List.copyOf(shown.entrySet());
    return context
        .reply()
        .each(
            names.size(),
            i -> {
              var entry = names.get(i);
              List<String> attributes = entry.getValue() ? List.of() : List.of("\\Noselect");
              var name = Optional.of(entry.getKey());
              context.reply().send(new Untagged.Listed(true, attributes, name));
            })
        .replaceWith(done());
  }

  private Outcome done() {
    return Outcome.ok((subscribed ? "LSUB" : "LIST") + " completed.");
  }
}
