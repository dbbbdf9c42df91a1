package io.postern.imap.spi;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.response.Untagged;
import io.postern.imap.response.Untagged.StatusData;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The data items that a client asks of a mailbox (RFC 3501 §6.3.10); each is answered once. */
public record StatusItems(List<StatusItem> items) {
  public StatusItems {
    items = List.copyOf(items);
  }

  /** Parses the list of items. */
  public static StatusItems read(Arguments in, CommandContext context) throws BadSyntax {
    var items = new LinkedHashMap<String, StatusItem>();
    in.openList();
    do {
      long start = in.position();
      var name = in.word("a status item");
      var item = context.extensions().statusItem(name);
      if (item.isEmpty()) {
        throw new BadSyntax("a status item instead of " + name, start);
      }
      items.put(name, item.get());
    } while (in.trySpace());
    in.closeList();
    return new StatusItems(List.copyOf(items.values()));
  }

  /** What a STATUS with them enables as ENABLE does, in capitals. */
  public Set<String> enables() {
    var enables = new TreeSet<String>();
    items.forEach(item -> enables.addAll(item.enables()));
    return enables;
  }

  /** The response for a mailbox in the state that was just read. */
  public Uni<Untagged> response(
      ImapPorts ports, MailboxKey mailbox, MailboxName name, MailboxState state) {
    return Multi.createFrom()
        .iterable(items)
        .onItem()
        .transformToUniAndConcatenate(item -> item.value().of(ports, mailbox, state))
        .collect()
        .asList()
        .map(data -> new Untagged.MailboxStatus(name, List.<StatusData>copyOf(data)));
  }
}
