package io.postern.imap.extension;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.response.Untagged;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.ListOption;
import io.postern.imap.spi.ListOption.Name;
import io.postern.imap.spi.ListOption.Need;
import io.postern.imap.spi.StatusItems;
import io.postern.imap.state.ConnectionState;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** LIST-STATUS (RFC 5819): the counters of all listed mailboxes, read together. */
public final class ListStatus implements Extension {
  @Override
  public int rfc() {
    return 5819;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("LIST-STATUS");
  }

  @Override
  public List<ListOption> listOptions() {
    return List.of(new ListOption.Return("STATUS", ListStatus::read));
  }

  private static ListOption.Shows read(Arguments in, CommandContext context) throws BadSyntax {
    in.space();
    return new Status(StatusItems.read(in, context));
  }

  private record Status(StatusItems items) implements ListOption.Shows {
    @Override
    public Set<Need> needs() {
      return Set.of(Need.STATES);
    }

    @Override
    public Uni<Optional<Untagged>> behind(CommandContext context, Name name) {
      if (name.mailbox().isEmpty() || name.state().isEmpty()) {
        return Uni.createFrom().item(Optional.empty());
      }
      return items
          .response(context.ports(), name.mailbox().get().key(), name.name(), name.state().get())
          .map(Optional::of)
          // RFC 5819 §2: without its counters a mailbox is listed none the less.
          .onFailure(Status::isMailboxGone)
          .recoverWithItem(Optional.empty());
    }

    private static boolean isMailboxGone(Throwable failure) {
      return failure instanceof StoreException e && e.failure() instanceof StoreFailure.MailboxGone;
    }
  }
}
