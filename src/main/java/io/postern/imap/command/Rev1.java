package io.postern.imap.command;

import io.postern.imap.grammar.Section;
import io.postern.imap.response.Untagged.StatusData;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.FetchItem;
import io.postern.imap.spi.ImapPorts;
import io.postern.imap.spi.StatusItem;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxState;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;

/** The base protocol IMAP4rev1 (RFC 3501), entered in the catalogue like any extension. */
public final class Rev1 implements Extension {
  @Override
  public int rfc() {
    return 3501;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    var shown = new ArrayList<>(List.of("IMAP4rev1"));
    if (connectionState.mayStartTls() && !connectionState.loggedIn()) {
      shown.add("STARTTLS");
    }
    // RFC 3501 §6.2.3. What the front end of another site offers is unknown here.
    boolean behindFront = connectionState.passedOn() && connectionState.loggedIn();
    if (!connectionState.offer().password() && !behindFront) {
      shown.add("LOGINDISABLED");
    }
    return shown;
  }

  @Override
  public List<Verb> verbs() {
    return List.of(
        Capability.VERB,
        Noop.VERB,
        Logout.VERB,
        StartTls.VERB,
        Authenticate.VERB,
        Login.VERB,
        Select.SELECT,
        Select.EXAMINE,
        Create.VERB,
        Delete.VERB,
        Rename.VERB,
        Subscribe.SUBSCRIBE,
        Subscribe.UNSUBSCRIBE,
        ListMailboxes.LIST,
        Lsub.VERB,
        Status.VERB,
        Append.VERB,
        Check.VERB,
        Close.VERB,
        Expunge.VERB,
        Fetch.FETCH,
        Fetch.UID_FETCH,
        Search.SEARCH,
        Search.UID_SEARCH,
        Store.STORE,
        Store.UID_STORE,
        Copy.COPY,
        Copy.UID_COPY);
  }

  @Override
  public List<FetchItem.Kind> fetchItems() {
    return List.of(
        kind("UID", FetchFact.UID),
        kind("FLAGS", FetchFact.FLAGS),
        kind("INTERNALDATE", FetchFact.INTERNALDATE),
        kind("RFC822.SIZE", FetchFact.RFC822_SIZE),
        kind("ENVELOPE", FetchFact.ENVELOPE),
        kind("BODYSTRUCTURE", FetchFact.BODYSTRUCTURE),
        new FetchItem.Kind(
            "BODY", in -> in.peek() == '[' ? FetchSection.read(in, false) : FetchFact.BODY),
        new FetchItem.Kind("BODY.PEEK", in -> FetchSection.read(in, true)),
        kind("RFC822", FetchSection.old("RFC822", Section.WHOLE, false)),
        kind("RFC822.HEADER", FetchSection.old("RFC822.HEADER", Section.HEADER, true)),
        kind("RFC822.TEXT", FetchSection.old("RFC822.TEXT", Section.TEXT, false)));
  }

  private static FetchItem.Kind kind(String name, FetchItem item) {
    return new FetchItem.Kind(name, _ -> item);
  }

  @Override
  public List<StatusItem> statusItems() {
    return List.of(
        StatusItem.of("MESSAGES", MailboxState::exists),
        new StatusItem("RECENT", Rev1::recent),
        StatusItem.of("UIDNEXT", MailboxState::uidNext),
        StatusItem.of("UIDVALIDITY", state -> state.uidValidity().value()),
        StatusItem.of("UNSEEN", MailboxState::unseen));
  }

  /** Counts recent messages only if there are any. */
  private static Uni<StatusData> recent(ImapPorts ports, MailboxKey mailbox, MailboxState state) {
    var recent =
        state.firstRecent() >= state.uidNext()
            ? Uni.createFrom().item(0L)
            : ports
                .indexes()
                .current(mailbox)
                .map(index -> (long) index.size() - index.countBelow(state.firstRecent()));
    return recent.map(count -> new StatusData.Counter("RECENT", count));
  }
}
