package io.postern.imap.command;

import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.response.Untagged;
import io.postern.imap.response.Untagged.ExtendedItem;
import io.postern.imap.response.Untagged.Listing;
import io.postern.imap.spi.CommandContext;
import io.postern.model.Ids.AccountId;
import io.postern.model.MailboxInfo;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** What IMAP4rev2 says of a mailbox's name besides a command's own responses. */
final class SelectedName {
  private SelectedName() {}

  /**
   * The LIST response to SELECT and EXAMINE (RFC 9051 §6.3.2), for a client that enabled IMAP4rev2;
   * empty for others.
   */
  static Uni<Optional<Untagged>> listing(
      CommandContext context, AccountId account, MailboxArgument.Valid given) {
    return context.enabled().rev2()
        ? context
            .ports()
            .mailboxes()
            .list(account)
            .map(all -> Optional.of(listed(context, given, all)))
        : Uni.createFrom().item(Optional.empty());
  }

  private static Untagged listed(
      CommandContext context, MailboxArgument.Valid given, List<MailboxInfo> all) {
    var name = given.name();
    var mailbox = all.stream().filter(it -> it.name().equals(name)).findFirst();
    boolean hasChildren = all.stream().anyMatch(it -> it.name().isBelow(name));
    var attributes = context.extensions().listAttributes(mailbox, hasChildren).distinct().toList();
    return new Untagged.Listed(Listing.LIST, attributes, Optional.of(name), oldName(given));
  }

  /**
   * Sends how a name is written here that a client of IMAP4rev2 wrote otherwise (RFC 9051
   * §6.3.9.7).
   */
  static void sendIfChanged(
      CommandContext context, MailboxArgument.Valid given, List<String> attributes) {
    if (context.enabled().rev2() && given.written().isPresent()) {
      context
          .reply()
          .send(
              new Untagged.Listed(
                  Listing.LIST, attributes, Optional.of(given.name()), oldName(given)));
    }
  }

  private static List<ExtendedItem> oldName(MailboxArgument.Valid given) {
    return given.written().stream()
        .map(name -> new ExtendedItem("OLDNAME", List.of(name)))
        .toList();
  }
}
