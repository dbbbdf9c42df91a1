package io.postern.imap.extension;

import io.postern.auth.Identity;
import io.postern.imap.command.NewMessageData;
import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.notify.NotifyText;
import io.postern.imap.notify.UnsolicitedMetadata;
import io.postern.imap.notify.WatchedMailboxes;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.selected.Notifications;
import io.postern.imap.selected.SelectedEvents;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * NOTIFY (RFC 5465): what a client hears of while no command runs, of its selected mailbox and of
 * others. Events of annotations of messages are not supported.
 */
public final class Notify implements Extension {
  @Override
  public int rfc() {
    return 5465;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("NOTIFY");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(Verb.of("NOTIFY", Notify::parse));
  }

  private static Command parse(Arguments in, CommandContext context) throws BadSyntax {
    in.space();
    if (in.tryKeyword("NONE")) {
      in.end();
      return new NotifyNone();
    }
    in.keyword("SET");
    return new NotifySet(NotifyText.read(in, context));
  }

  /** RFC 5465 §3.1: no events at all, not even those of the selected mailbox. */
  private record NotifyNone() implements Command.User {
    @Override
    public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
      context.listener().notifications(Optional.empty());
      context.updates().events(SelectedEvents.NONE);
      var annotations =
          UnsolicitedMetadata.isEnabled(context)
              ? UnsolicitedMetadata.watch(context, state.identity().account())
              : Uni.createFrom().voidItem();
      return annotations.replaceWith(
          Outcome.ok("NOTIFY completed.")
              .connection(context.connectionState().updatesBetweenCommands(false)));
    }
  }

  private record NotifySet(NotifyText.Asked asked) implements Command.User {
    @Override
    public Set<String> enables() {
      var enables = new TreeSet<String>();
      asked.selected().ifPresent(it -> it.items().forEach(item -> enables.addAll(item.enables())));
      return enables;
    }

    @Override
    public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
      if (asked.unsupported()) {
        return Outcome.no(
                new ResponseCode.BadEvent(NotifyText.SUPPORTED), "An event is not supported.")
            .now();
      }
      if (asked.complex()) {
        return overflow().now();
      }
      if (UnsolicitedMetadata.isEnabled(context)) {
        asked.others().addAnnotations();
      }
      var before = context.listener().notifications();
      if (asked.others().isEmpty()) {
        return selectedState(context).map(_ -> started(context, Optional.empty()));
      }
      var watched = watched(context, state.identity());
      // Hints that come while the mailboxes are read are not lost.
      context.listener().notifications(Optional.of(watched));
      return watched
          .start(asked.status())
          .map(done -> done ? started(context, Optional.of(watched)) : restored(context, before))
          .onFailure()
          .invoke(() -> restored(context, before));
    }

    private WatchedMailboxes watched(CommandContext context, Identity identity) {
      return new WatchedMailboxes(
          context, identity.account(), asked.others(), WatchedMailboxes.watched(context));
    }

    /** RFC 5465 §3.1: it implies a NOOP. */
    private static Uni<Void> selectedState(CommandContext context) {
      return context
          .view()
          .map(View::mailbox)
          .map(
              mailbox ->
                  context
                      .ports()
                      .mailboxes()
                      .state(mailbox)
                      .invoke(it -> context.listener().changed(mailbox, it.highestModSeq()))
                      .replaceWithVoid())
          .orElseGet(() -> Uni.createFrom().voidItem());
    }

    private Outcome started(CommandContext context, Optional<Notifications> others) {
      context.listener().notifications(others);
      context
          .updates()
          .events(asked.selected().map(it -> events(context, it)).orElse(SelectedEvents.NONE));
      return Outcome.ok("NOTIFY completed.")
          .connection(context.connectionState().updatesBetweenCommands(true));
    }

    private static SelectedEvents events(CommandContext context, NotifyText.Selected selected) {
      return new SelectedEvents(
          selected.messages(),
          selected.flags(),
          selected.delayed(),
          Optional.of(selected.items())
              .filter(items -> !items.isEmpty())
              .map(items -> new NewMessageData(context, items)));
    }

    /** What was asked for before remains in force. */
    private static Outcome restored(CommandContext context, Optional<Notifications> before) {
      before.ifPresent(Notifications::resync);
      context.listener().notifications(before);
      return overflow();
    }

    private static Outcome overflow() {
      return Outcome.no("NOTIFICATIONOVERFLOW", "These are too many mailboxes or groups.");
    }
  }
}
