package io.postern.imap.extension;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.EntryText;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.notify.UnsolicitedMetadata;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.Untagged;
import io.postern.imap.response.Untagged.Annotation;
import io.postern.imap.selected.Notifications.OwnChange;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.LiteralDecision;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.Rights;
import io.postern.store.Annotations.Depth;
import io.postern.store.Annotations.Found;
import io.postern.store.Annotations.Limits;
import io.postern.store.Annotations.Query;
import io.postern.store.Annotations.Subject;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.wire.Request;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * METADATA (RFC 5464): annotations of mailboxes and of the server. Those of the server are private:
 * shared ones would be for all users, and no client sets them. Changes by others are sent to a
 * client that has enabled METADATA (§4.4), and to one that asks for them by NOTIFY.
 */
public final class Metadata implements Extension {
  private static final Rights LOOKUP = Rights.of("l");
  private static final Rights MESSAGES = Rights.of("rswip");

  @Override
  public int rfc() {
    return 5464;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("METADATA");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(
        Verb.of("GETMETADATA", Metadata::parseGet),
        Verb.of("SETMETADATA", Metadata::parseSet)
            .literals((context, _, head, _) -> decide(context, head)));
  }

  @Override
  public List<Enabling> enables() {
    return List.of(new Enabling(UnsolicitedMetadata.NAME, Metadata::watch));
  }

  /** RFC 5464 §4.4 */
  private static Uni<Void> watch(CommandContext context) {
    if (!(context.state() instanceof State.LoggedIn state)) {
      return Uni.createFrom().voidItem();
    }
    return UnsolicitedMetadata.watch(context, state.identity().account());
  }

  /** The options stand before the mailbox by the grammar, and behind it in the RFC's examples. */
  private static Command parseGet(Arguments in) throws BadSyntax {
    in.space();
    var options = new Options();
    if (in.tryOpenList()) {
      options.read(in);
    }
    var mailbox = in.mailboxOrServer();
    in.space();
    if (in.tryOpenList()) {
      if (in.peek() == '/' || in.peek() == '"' || in.peek() == Arguments.LITERAL) {
        var entries = EntryText.listed(in);
        in.end();
        return new Get(mailbox, entries, options.depth, options.maxSize);
      }
      options.read(in);
    }
    var entries = EntryText.entries(in);
    in.end();
    return new Get(mailbox, entries, options.depth, options.maxSize);
  }

  /** The options of GETMETADATA (RFC 5464 §4.2.1, §4.2.2). */
  private static final class Options {
    private Depth depth = Depth.ITSELF;
    private long maxSize = Long.MAX_VALUE;

    /** Parses options behind an opening parenthesis, the closing one and the space behind it. */
    void read(Arguments in) throws BadSyntax {
      do {
        if (in.tryKeyword("MAXSIZE")) {
          in.space();
          maxSize = in.number();
        } else {
          in.keyword("DEPTH");
          in.space();
          depth = depth(in);
        }
      } while (in.trySpace());
      in.closeList();
      in.space();
    }

    private static Depth depth(Arguments in) throws BadSyntax {
      if (in.tryKeyword("INFINITY")) {
        return Depth.ALL;
      }
      if (in.tryKeyword("1")) {
        return Depth.CHILDREN;
      }
      in.keyword("0");
      return Depth.ITSELF;
    }
  }

  private static Command parseSet(Arguments in) throws BadSyntax {
    in.space();
    var mailbox = in.mailboxOrServer();
    in.space();
    in.openList();
    var values = new LinkedHashMap<String, Optional<Buffer>>();
    do {
      if (values.size() == EntryText.MAX_ENTRIES) {
        throw in.expected("at most " + EntryText.MAX_ENTRIES + " entries");
      }
      var entry = EntryText.entry(in);
      in.space();
      values.put(entry, in.value());
    } while (in.trySpace());
    in.closeList();
    in.end();
    return new Set(mailbox, values);
  }

  /** Refuses a value that is too large before it is sent; a name is a literal at most so long. */
  private static Uni<LiteralDecision> decide(CommandContext context, Request.Head head) {
    long most = most(context);
    return head.size() > most
        ? new LiteralDecision.Refuse(tooLarge(most)).now()
        : new LiteralDecision.Hold(true).now();
  }

  private static long most(CommandContext context) {
    return context.ports().live().now().mailbox().maxAnnotationSize().asLongValue();
  }

  private static Outcome.No tooLarge(long most) {
    return Outcome.no(
        new ResponseCode.Numeric("METADATA MAXSIZE", most),
        "A value has at most " + most + " octets.");
  }

  /** Runs the work on what the mailbox argument means. */
  private static Uni<Outcome> on(
      CommandContext context,
      State.LoggedIn state,
      Optional<MailboxArgument> mailbox,
      BiFunction<Subject, Optional<MailboxName>, Uni<Outcome>> work) {
    if (mailbox.isEmpty()) {
      var server = new Subject(state.identity().account(), Optional.empty());
      return work.apply(server, Optional.empty());
    }
    return context
        .find(state.identity(), mailbox.get())
        .chain(
            found ->
                found
                    .map(it -> on(context, it, work))
                    .orElseGet(() -> ErrorResponses.noSuchMailbox().now()));
  }

  /** RFC 5464 §3.3 */
  private static Uni<Outcome> on(
      CommandContext context,
      MailboxInfo mailbox,
      BiFunction<Subject, Optional<MailboxName>, Uni<Outcome>> work) {
    var key = mailbox.key();
    return context
        .ports()
        .mailboxes()
        .rights(key)
        .chain(
            rights -> {
              if (!rights.has(LOOKUP)) {
                return ErrorResponses.noSuchMailbox().now();
              }
              return rights.hasAny(MESSAGES)
                  ? work.apply(
                      new Subject(key.account(), Optional.of(key.mailbox())),
                      Optional.of(mailbox.name()))
                  : Outcome.no("NOPERM", "You have no right to messages of the mailbox.").now();
            });
  }

  /**
   * The annotations as the client asked for them; without a depth, named ones that do not exist
   * have no value.
   *
   * @param entries in lower case, and as the client wrote them
   */
  static List<Annotation> shown(List<Found> found, Map<String, String> entries, Depth depth) {
    var byEntry = new HashMap<String, Found>();
    found.forEach(it -> byEntry.put(it.entry(), it));
    var shown = new ArrayList<Annotation>();
    if (depth == Depth.ITSELF) {
      entries.forEach(
          (entry, written) -> {
            var there = Optional.ofNullable(byEntry.get(entry));
            if (there.isEmpty() || there.get().value().isPresent()) {
              shown.add(new Annotation(written, there.flatMap(Found::value)));
            }
          });
    } else {
      for (var it : found) {
        it.value()
            .ifPresent(
                value -> {
                  var name = Optional.ofNullable(entries.get(it.entry())).orElse(it.entry());
                  shown.add(new Annotation(name, Optional.of(value)));
                });
      }
    }
    return shown;
  }

  /** GETMETADATA (RFC 5464 §4.2). */
  private record Get(
      Optional<MailboxArgument> mailbox, Map<String, String> entries, Depth depth, long maxSize)
      implements Command.User {
    @Override
    public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
      var viewer = state.identity().account();
      var query = new Query(entries.keySet(), depth, maxSize);
      return on(
          context,
          state,
          mailbox,
          (subject, name) ->
              context
                  .ports()
                  .annotations()
                  .read(subject, viewer, query)
                  .map(found -> send(context, name, found)));
    }

    private Outcome send(CommandContext context, Optional<MailboxName> name, List<Found> found) {
      var shown = shown(found, entries, depth);
      if (!shown.isEmpty()) {
        context.reply().send(new Untagged.Metadata(name, shown));
      }
      var done = Outcome.ok("GETMETADATA completed.");
      return found.stream()
          .filter(it -> it.value().isEmpty())
          .mapToInt(Found::octets)
          .max()
          .stream()
          .mapToObj(most -> done.code(new ResponseCode.Numeric("METADATA LONGENTRIES", most)))
          .findFirst()
          .orElse(done);
    }
  }

  /** SETMETADATA (RFC 5464 §4.3). */
  private record Set(Optional<MailboxArgument> mailbox, Map<String, Optional<Buffer>> values)
      implements Command.User {
    @Override
    public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
      long most = most(context);
      if (values.values().stream().flatMap(Optional::stream).anyMatch(it -> it.length() > most)) {
        return tooLarge(most).now();
      }
      boolean shared = values.keySet().stream().anyMatch(it -> it.startsWith("/shared/"));
      if (mailbox.isEmpty() && shared) {
        return Outcome.no("NOPERM", "Shared annotations of the server are not changed by users.")
            .now();
      }
      return on(context, state, mailbox, (subject, _) -> set(context, state, subject));
    }

    private Uni<Outcome> set(CommandContext context, State.LoggedIn state, Subject subject) {
      var settings = context.ports().live().now().mailbox();
      int most = settings.maxAnnotations();
      var limits = new Limits(most, settings.maxAnnotationStorage().asLongValue());
      return context
          .ports()
          .annotations()
          .set(subject, state.identity().account(), values, limits)
          .invoke(version -> context.listener().changed(annotated(subject, version)))
          .<Outcome>replaceWith(Outcome.ok("SETMETADATA completed."))
          .onFailure(Set::isTooMany)
          .recoverWithItem(
              Outcome.no("METADATA TOOMANY", "At most " + most + " annotations are kept."));
    }

    private OwnChange annotated(Subject subject, long version) {
      var set = new HashSet<String>();
      var removed = new HashSet<String>();
      values.forEach((entry, value) -> (value.isPresent() ? set : removed).add(entry));
      return new OwnChange.Annotated(subject, set, removed, version);
    }

    private static boolean isTooMany(Throwable failure) {
      return failure instanceof StoreException e
          && e.failure() instanceof StoreFailure.LimitReached;
    }
  }
}
