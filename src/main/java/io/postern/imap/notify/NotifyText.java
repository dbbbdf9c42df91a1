package io.postern.imap.notify;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.FetchText;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.FetchItem;
import io.postern.model.MailboxName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Parses what NOTIFY SET asks for (RFC 5465 §8). */
public final class NotifyText {
  /** The events that are supported, as the RFC writes them. */
  public static final List<String> SUPPORTED =
      List.of(
          "MessageNew",
          "MessageExpunge",
          "FlagChange",
          "MailboxName",
          "SubscriptionChange",
          "MailboxMetadataChange",
          "ServerMetadataChange");

  /** Most groups of one command, and most names in them. */
  static final int MAX_GROUPS = 64;

  static final int MAX_NAMES = 1_000;

  private static final String FILTER =
      "selected, selected-delayed, inboxes, personal, subscribed, subtree or mailboxes";

  private final CommandContext context;
  private final EventFilter filter = new EventFilter();
  private Optional<Selected> selected = Optional.empty();
  private boolean unsupported;
  private int groups;
  private int names;

  /**
   * What a client asks for.
   *
   * @param status whether it wants the present state of the mailboxes, too
   * @param selected of the selected mailbox; empty for nothing
   * @param unsupported whether it asks for an event that is not supported
   * @param complex whether it asks for more than is allowed
   */
  public record Asked(
      boolean status,
      Optional<Selected> selected,
      EventFilter others,
      boolean unsupported,
      boolean complex) {}

  /**
   * Events of the selected mailbox.
   *
   * @param items data of new messages
   */
  public record Selected(boolean messages, boolean flags, boolean delayed, List<FetchItem> items) {}

  /** The events of one group. */
  private static final class Group {
    boolean arrivals;
    boolean expunges;
    boolean flags;
    boolean names;
    boolean subscriptions;
    boolean annotations;
    boolean server;
    List<FetchItem> items = List.of();
  }

  private NotifyText(CommandContext context) {
    this.context = context;
  }

  /** Parses what follows SET, up to the end of the command. */
  public static Asked read(Arguments in, CommandContext context) throws BadSyntax {
    var text = new NotifyText(context);
    in.space();
    boolean status = in.tryKeyword("STATUS");
    if (status) {
      in.space();
    }
    do {
      in.openList();
      text.group(in);
      in.closeList();
      text.groups++;
    } while (in.trySpace());
    in.end();
    boolean complex = text.groups > MAX_GROUPS || text.names > MAX_NAMES;
    return new Asked(status, text.selected, text.filter, text.unsupported, complex);
  }

  private void group(Arguments in) throws BadSyntax {
    long start = in.position();
    switch (in.word(FILTER)) {
      case "SELECTED" -> selected(in, false);
      case "SELECTED-DELAYED" -> selected(in, true);
      // RFC 5465 §6.3: messages are delivered to INBOX only.
      case "INBOXES" -> filter.addMailboxes(List.of(MailboxName.INBOX), events(in));
      case "PERSONAL" -> filter.addPersonal(events(in));
      case "SUBSCRIBED" -> filter.addSubscribed(events(in));
      case "SUBTREE" -> {
        var named = names(in);
        filter.addSubtrees(named, events(in));
      }
      case "MAILBOXES" -> {
        var named = names(in);
        filter.addMailboxes(named, events(in));
      }
      default -> throw new BadSyntax(FILTER, start);
    }
  }

  /** Names that no mailbox can have are left aside, as those that none has (RFC 5465 §3.1). */
  private List<MailboxName> names(Arguments in) throws BadSyntax {
    var valid = new ArrayList<MailboxName>();
    in.space();
    boolean several = in.tryOpenList();
    do {
      in.mailbox().valid().ifPresent(valid::add);
      names++;
    } while (several && in.trySpace());
    if (several) {
      in.closeList();
    }
    return valid;
  }

  /** RFC 5465 §6.1: one such group, of messages only. */
  private void selected(Arguments in, boolean delayed) throws BadSyntax {
    if (selected.isPresent()) {
      throw in.expected("one group of the selected mailbox");
    }
    var group = read(in, true);
    if (group.names || group.subscriptions || group.annotations || group.server) {
      throw in.expected("events of messages only for the selected mailbox");
    }
    selected = Optional.of(new Selected(group.arrivals, group.flags, delayed, group.items));
  }

  private Events events(Arguments in) throws BadSyntax {
    var group = read(in, false);
    return new Events(
        group.arrivals,
        group.flags,
        group.names,
        group.subscriptions,
        group.annotations,
        group.server);
  }

  private Group read(Arguments in, boolean ofSelected) throws BadSyntax {
    var group = new Group();
    in.space();
    if (in.tryKeyword("NONE")) {
      return group;
    }
    in.openList();
    do {
      event(in, group, ofSelected);
    } while (in.trySpace());
    in.closeList();
    // RFC 5465 §5
    if (group.arrivals != group.expunges || (group.flags && !group.arrivals)) {
      throw in.expected("MessageNew and MessageExpunge together, and both with FlagChange");
    }
    return group;
  }

  private void event(Arguments in, Group group, boolean ofSelected) throws BadSyntax {
    switch (in.word("an event")) {
      case "MESSAGENEW" -> {
        group.arrivals = true;
        if (isList(in)) {
          if (!ofSelected) {
            throw in.expected("data items for the selected mailbox only");
          }
          group.items = items(in, context);
        }
      }
      case "MESSAGEEXPUNGE" -> group.expunges = true;
      case "FLAGCHANGE" -> group.flags = true;
      case "MAILBOXNAME" -> group.names = true;
      case "SUBSCRIPTIONCHANGE" -> group.subscriptions = true;
      case "MAILBOXMETADATACHANGE" -> group.annotations = true;
      case "SERVERMETADATACHANGE" -> group.server = true;
      default -> unsupported = true;
    }
  }

  /** Whether a space and a list follow. */
  private static boolean isList(Arguments in) {
    var ahead = in.fork();
    return ahead.trySpace() && ahead.peek() == '(';
  }

  /** Data items in parentheses, if they follow a space; else none (RFC 5465 §7). */
  public static List<FetchItem> tryItems(Arguments in, CommandContext context) throws BadSyntax {
    return isList(in) ? items(in, context) : List.of();
  }

  private static List<FetchItem> items(Arguments in, CommandContext context) throws BadSyntax {
    in.space();
    return FetchText.read(
        in, name -> context.extensions().fetchItem(name).map(FetchItem.Kind::reader));
  }
}
