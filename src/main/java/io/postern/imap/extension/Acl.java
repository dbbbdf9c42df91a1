package io.postern.imap.extension;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.response.Untagged;
import io.postern.imap.response.Untagged.AclEntry;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.ModSeq;
import io.postern.model.Rights;
import io.postern.push.Hint;
import io.postern.store.account.AccessLists;
import io.postern.store.account.AccessLists.Mode;
import io.postern.store.sharing.OtherUsers;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * ACL (RFC 4314): users share mailboxes with others of this site, who find them below {@code Other
 * Users}. Identifiers are names of accounts, and {@code anyone} for all accounts of the site where
 * {@code mail.mailbox.share-with-anyone} allows it; there is no group, and no negative right. The
 * owner has all rights, always. The right to post is kept and not used.
 */
public final class Acl implements Extension {
  private static final Rights LOOKUP = Rights.of("l");
  private static final Rights ADMINISTER = Rights.of("a");

  /** RFC 4314 §4: one of these is required to ask for one's rights. */
  private static final Rights ASKING = Rights.of("lrikxa");

  /** RFC 4314 §3.7: no right is tied to another. */
  private static final List<String> OPTIONAL =
      List.of("l", "r", "s", "w", "i", "p", "k", "x", "t", "e", "a", "c", "d");

  @Override
  public int rfc() {
    return 4314;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("ACL", "RIGHTS=texk");
  }

  @Override
  public Set<String> requires() {
    return Set.of("NAMESPACE");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(
        Verb.of("SETACL", Acl::parseSet),
        Verb.of("DELETEACL", Acl::parseDelete),
        Verb.ofMailbox("GETACL", GetAcl::new),
        Verb.of("LISTRIGHTS", Acl::parseListRights),
        Verb.ofMailbox("MYRIGHTS", GetMyRights::new));
  }

  private static Command parseSet(Arguments in) throws BadSyntax {
    in.space();
    var mailbox = in.mailbox();
    in.space();
    var identifier = identifier(in);
    in.space();
    long start = in.position();
    var text = in.astring("rights");
    var mode = text.startsWith("+") ? Mode.ADD : text.startsWith("-") ? Mode.REMOVE : Mode.REPLACE;
    var rights = Rights.parse(mode == Mode.REPLACE ? text : text.substring(1));
    in.end();
    return new Change(
        "SETACL",
        mailbox,
        identifier,
        mode,
        rights.orElseThrow(() -> new BadSyntax("rights of " + Rights.LETTERS + "cd", start)));
  }

  private static Command parseDelete(Arguments in) throws BadSyntax {
    in.space();
    var mailbox = in.mailbox();
    in.space();
    var identifier = identifier(in);
    in.end();
    return new Change("DELETEACL", mailbox, identifier, Mode.REPLACE, Rights.NONE);
  }

  private static Command parseListRights(Arguments in) throws BadSyntax {
    in.space();
    var mailbox = in.mailbox();
    in.space();
    var identifier = identifier(in);
    in.end();
    return new GetListRights(mailbox, identifier);
  }

  private static String identifier(Arguments in) throws BadSyntax {
    long start = in.position();
    var identifier = in.astring("an identifier");
    if (identifier.isBlank()) {
      throw new BadSyntax("an identifier", start);
    }
    return identifier;
  }

  /** Why no rights can be granted to an identifier, if so. */
  private static Optional<Outcome.No> refusal(CommandContext context, String identifier) {
    if (identifier.startsWith("-")) {
      // RFC 4314 §2
      return Optional.of(Outcome.no("CANNOT", "There are no negative rights here."));
    }
    return identifier.equalsIgnoreCase(AccessLists.ANYONE)
            && !context.ports().live().now().mailbox().shareWithAnyone()
        ? Optional.of(Outcome.no("CANNOT", "Mailboxes are shared with single users here."))
        : Optional.empty();
  }

  /** What is done with a mailbox that was found, and the user's rights to it. */
  private interface Work {
    Uni<Outcome> run(MailboxInfo mailbox, Rights rights);
  }

  private static Uni<Outcome> on(
      CommandContext context, State.LoggedIn state, MailboxArgument given, Work work) {
    return context
        .find(state.identity(), given)
        .chain(
            found ->
                found
                    .map(
                        it ->
                            context
                                .ports()
                                .mailboxes()
                                .rights(it.key())
                                .chain(rights -> work.run(it, rights)))
                    .orElseGet(() -> ErrorResponses.noSuchMailbox().now()));
  }

  private static Uni<Outcome> administering(
      CommandContext context, State.LoggedIn state, MailboxArgument given, Work work) {
    return on(
        context,
        state,
        given,
        (mailbox, rights) -> {
          if (rights.has(ADMINISTER)) {
            return work.run(mailbox, rights);
          }
          // RFC 4314 §6: who can't look it up does not learn that it exists.
          return rights.has(LOOKUP)
              ? Outcome.no("NOPERM", "You lack the right \"a\" to the mailbox.").now()
              : ErrorResponses.noSuchMailbox().now();
        });
  }

  private static String owner(State.LoggedIn state, MailboxInfo mailbox) {
    return OtherUsers.owner(mailbox.name())
        .filter(_ -> !mailbox.key().account().equals(state.identity().account()))
        .orElse(state.identity().name());
  }

  /** SETACL and DELETEACL (RFC 4314 §3.1, §3.2). */
  private record Change(
      String name, MailboxArgument given, String identifier, Mode mode, Rights rights)
      implements Command.User {
    @Override
    public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
      int most = context.ports().live().now().mailbox().maxPermissions();
      var refusal = refusal(context, identifier);
      if (refusal.isPresent() && (adds() || identifier.startsWith("-"))) {
        return refusal.get().now();
      }
      return administering(
          context,
          state,
          given,
          (mailbox, _) ->
              context
                  .ports()
                  .lists()
                  .change(mailbox.key(), user(), mode, rights, most)
                  .chain(
                      outcome ->
                          switch (outcome) {
                            case DONE -> done(context, mailbox);
                            case GONE -> ErrorResponses.noSuchMailbox().now();
                            case UNKNOWN -> Outcome.no("There is no such user.").now();
                            case OWNER -> Outcome.no("The owner has all rights.").now();
                            case FULL ->
                                Outcome.no(
                                        "LIMIT", "A mailbox is shared with at most " + most + ".")
                                    .now();
                          }));
    }

    /** Whether there may be more rights than before. */
    private boolean adds() {
      return mode != Mode.REMOVE && !rights.equals(Rights.NONE);
    }

    private String user() {
      return identifier.toLowerCase(Locale.ROOT);
    }

    /**
     * Sessions that have the mailbox selected look whether they still may, and those of the user
     * look which mailboxes there are now (RFC 5465 §5.4). What is shared with all accounts they see
     * when they list mailboxes next.
     */
    private Uni<Outcome> done(CommandContext context, MailboxInfo mailbox) {
      var hints = context.ports().hints();
      long now = Hint.currentMicros();
      hints.publish(new Hint(mailbox.key(), Hint.GONE, now));
      return context
          .ports()
          .lists()
          .grantee(user())
          .invoke(
              found ->
                  found.ifPresent(
                      it ->
                          hints.publish(
                              new Hint(new MailboxKey(it, Hint.NAMES), ModSeq.FIRST, now))))
          .replaceWith(Outcome.ok(name + " completed."));
    }
  }

  /** GETACL (RFC 4314 §3.3). */
  private record GetAcl(MailboxArgument given) implements Command.User {
    @Override
    public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
      return administering(
          context,
          state,
          given,
          (mailbox, _) ->
              context
                  .ports()
                  .lists()
                  .entries(mailbox.key())
                  .map(
                      list -> {
                        var entries = new ArrayList<AclEntry>();
                        entries.add(new AclEntry(owner(state, mailbox), Rights.ALL.text()));
                        list.forEach(
                            it -> entries.add(new AclEntry(it.name(), it.rights().text())));
                        context.reply().send(new Untagged.Acl(mailbox.name(), entries));
                        return Outcome.ok("GETACL completed.");
                      }));
    }
  }

  /** LISTRIGHTS (RFC 4314 §3.4). */
  private record GetListRights(MailboxArgument given, String identifier) implements Command.User {
    @Override
    public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
      return administering(
          context,
          state,
          given,
          (mailbox, _) -> {
            boolean isOwner = identifier.equalsIgnoreCase(owner(state, mailbox));
            boolean grants = !isOwner && refusal(context, identifier).isEmpty();
            context
                .reply()
                .send(
                    new Untagged.ListRights(
                        mailbox.name(),
                        identifier,
                        isOwner ? Rights.ALL.text() : "",
                        grants ? OPTIONAL : List.of()));
            return Outcome.ok("LISTRIGHTS completed.").now();
          });
    }
  }

  /** MYRIGHTS (RFC 4314 §3.5). */
  private record GetMyRights(MailboxArgument given) implements Command.User {
    @Override
    public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
      return on(
          context,
          state,
          given,
          (mailbox, rights) -> {
            if (!rights.hasAny(ASKING)) {
              return ErrorResponses.noSuchMailbox().now();
            }
            context.reply().send(new Untagged.MyRights(mailbox.name(), rights.text()));
            return Outcome.ok("MYRIGHTS completed.").now();
          });
    }
  }
}
