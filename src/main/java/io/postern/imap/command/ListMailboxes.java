package io.postern.imap.command;

import io.postern.auth.Identity;
import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.ListPattern;
import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.Extension.ListOption;
import io.postern.imap.session.ExtensionRegistry;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.Verb;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * LIST and LSUB (RFC 3501 §6.3.8, §6.3.9). LIST accepts the syntax of RFC 5258 §3 with the options
 * that extensions add.
 *
 * @param patterns at least one; more than one in the extended form only
 * @param options the selection options: a mailbox is listed if all of them select it
 * @param extended whether the extended form was used
 */
record ListMailboxes(
    String reference,
    List<String> patterns,
    List<ListOption> options,
    boolean extended,
    boolean subscribed)
    implements Command.User {
  static final Verb LIST = Verb.of("LIST", ListMailboxes::parse);

  static final Verb LSUB =
      Verb.of(
          "LSUB",
          in -> {
            in.space();
            var reference = in.listMailbox();
            in.space();
            var pattern = in.listMailbox();
            in.end();
            return new ListMailboxes(reference, List.of(pattern), List.of(), false, true);
          });

  private static ListMailboxes parse(Arguments in, ExtensionRegistry extensions) throws BadSyntax {
    in.space();
    boolean selecting = in.tryOpenList();
    List<ListOption> options = selecting ? options(in, extensions) : List.of();
    if (selecting) {
      in.space();
    }
    var reference = in.listMailbox();
    in.space();
    boolean several = in.tryOpenList();
    var patterns = several ? patterns(in) : List.of(in.listMailbox());
    boolean returning = in.trySpace();
    if (returning) {
      in.keyword("RETURN");
      in.space();
      in.openList();
      // The attributes that these request are returned in any case (RFC 6154 §2).
      options(in, extensions);
    }
    in.end();
    boolean extended = selecting || several || returning;
    return new ListMailboxes(reference, patterns, options, extended, false);
  }

  /** Parses options up to the end of their list, maybe none. */
  private static List<ListOption> options(Arguments in, ExtensionRegistry extensions)
      throws BadSyntax {
    var options = new ArrayList<ListOption>();
    while (!in.tryCloseList()) {
      if (!options.isEmpty()) {
        in.space();
      }
      var name = in.word("an option of LIST");
      var option = extensions.listOption(name);
      if (option.isEmpty()) {
        throw in.expected("an option of LIST instead of " + name);
      }
      options.add(option.get());
    }
    return options;
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
  public Uni<Outcome> run(CommandContext context, Identity identity) {
    // RFC 3501 §6.3.8: an empty pattern asks for the delimiter and the root of the reference;
    // RFC 5258 §3: in the extended form it matches nothing.
    if (!extended && patterns.getFirst().isEmpty()) {
      context.reply().untagged(line -> line.raw(name()).raw(" (\\Noselect) \"/\" \"\""));
      return done().now();
    }
    var wildcards =
        patterns.stream()
            .filter(pattern -> !pattern.isEmpty())
            .map(pattern -> ListPattern.of(reference, pattern))
            .toList();
    Predicate<MailboxName> matching =
        name -> wildcards.stream().anyMatch(each -> each.matches(name));
    var account = identity.account();
    var mailboxes = context.ports().mailboxes();
    return subscribed
        ? mailboxes
            .subscriptions(account)
            .chain(names -> lsub(context, subscriptions(names, matching)))
        : mailboxes.list(account).chain(all -> list(context, names(all), matching));
  }

  /** A name to list, with its mailbox if it has one. */
  private record Named(MailboxName name, Optional<MailboxInfo> mailbox) {}

  /** All existing names, INBOX first: those of mailboxes, and their parents. */
  private static Collection<Named> names(List<MailboxInfo> all) {
    var names =
        new TreeMap<MailboxName, Named>(
            Comparator.comparing((MailboxName name) -> !name.isInbox())
                .thenComparing(Comparator.naturalOrder()));
    all.forEach(m -> names.put(m.name(), new Named(m.name(), Optional.of(m))));
    for (var mailbox : all) {
      var above = mailbox.name().parent();
      while (above.isPresent() && !names.containsKey(above.get())) {
        names.put(above.get(), new Named(above.get(), Optional.empty()));
        above = above.get().parent();
      }
    }
    return names.values();
  }

  private Uni<Outcome> list(
      CommandContext context, Collection<Named> all, Predicate<MailboxName> matching) {
    var parents = new HashSet<MailboxName>();
    all.forEach(named -> named.name.parent().ifPresent(parents::add));
    var shown =
        all.stream().filter(this::isSelected).filter(named -> matching.test(named.name)).toList();
    return context
        .reply()
        .each(
            shown.size(),
            i -> {
              var named = shown.get(i);
              row(context, attributes(context, named, parents.contains(named.name)), named.name);
            })
        .replaceWith(done());
  }

  private boolean isSelected(Named named) {
    return options.stream().allMatch(option -> named.mailbox.filter(option.selects()).isPresent());
  }

  private List<String> attributes(CommandContext context, Named named, boolean hasChildren) {
    var attributes = new ArrayList<String>();
    if (named.mailbox.isEmpty()) {
      // RFC 3501 §6.3.4
      attributes.add("\\Noselect");
      // RFC 5258 §3: implies the other, for clients that never saw LIST-EXTENDED announced.
      if (extended) {
        attributes.add("\\NonExistent");
      }
    }
    attributes.addAll(context.extensions().listAttributes(named.mailbox, hasChildren));
    return attributes;
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
              row(context, entry.getValue() ? List.of() : List.of("\\Noselect"), entry.getKey());
            })
        .replaceWith(done());
  }

  private void row(CommandContext context, List<String> attributes, MailboxName mailbox) {
    context
        .reply()
        .untagged(
            line ->
                line.raw(name())
                    .raw(" (")
                    .raw(String.join(" ", attributes))
                    .raw(") \"/\" ")
                    .mailbox(mailbox));
  }

  private String name() {
    return subscribed ? "LSUB" : "LIST";
  }

  private Outcome done() {
    return Outcome.ok(name() + " completed.");
  }
}
