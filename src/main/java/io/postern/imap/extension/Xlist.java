package io.postern.imap.extension;

import io.postern.imap.command.ListMailboxes;
import io.postern.imap.response.Untagged.Listing;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.ListOption;
import io.postern.imap.spi.ListOption.Name;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.model.SpecialUse;
import java.util.List;

/**
 * XLIST: Gmail's LIST with special uses, from which RFC 6154 was made. Clients that know only it
 * know the uses by Gmail's names, which it shows besides.
 */
public final class Xlist implements Extension {
  @Override
  public int rfc() {
    return 6154;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("XLIST");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(
        Verb.of("XLIST", in -> ListMailboxes.plain(Listing.XLIST, in, List.of(new Gmail()))));
  }

  private record Gmail() implements ListOption.Shows {
    @Override
    public List<String> attributes(Name name) {
      return name.name().isInbox()
          ? List.of("\\Inbox")
          : name.mailbox().flatMap(it -> it.use()).map(Gmail::attributes).orElse(List.of());
    }

    private static List<String> attributes(SpecialUse use) {
      return switch (use) {
        case ALL -> List.of(use.attribute(), "\\AllMail");
        case FLAGGED -> List.of(use.attribute(), "\\Starred");
        case JUNK -> List.of(use.attribute(), "\\Spam");
        case ARCHIVE, DRAFTS, SENT, TRASH -> List.of(use.attribute());
      };
    }
  }
}
