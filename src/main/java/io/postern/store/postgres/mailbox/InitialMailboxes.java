package io.postern.store.postgres.mailbox;

import io.postern.model.Ids.AccountId;
import io.postern.model.MailboxName;
import io.postern.model.SpecialUse;
import io.postern.store.Mailboxes.Limits;
import io.postern.store.postgres.mailbox.Entities.SubscriptionRow;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** The initial mailboxes of every account. */
public final class InitialMailboxes {
  private InitialMailboxes() {}

  /** Creates them for a new account, within the transaction that creates it. */
  public static Uni<Void> create(Mutiny.Session session, AccountId account) {
    return new Tree(session, account, Limits.DEFAULT)
        .add(standard())
        .chain(
            () ->
                session.persistAll(
                    standard().keySet().stream()
                        .map(name -> new SubscriptionRow(account, name))
                        .toArray()));
  }

  /** INBOX and the standard folders (RFC 6154 §2), in the order of their UIDVALIDITYs. */
  private static Map<MailboxName, Optional<SpecialUse>> standard() {
    var folders = new LinkedHashMap<MailboxName, Optional<SpecialUse>>();
    folders.put(MailboxName.INBOX, Optional.empty());
    folders.put(new MailboxName("Drafts"), Optional.of(SpecialUse.DRAFTS));
    folders.put(new MailboxName("Sent"), Optional.of(SpecialUse.SENT));
    folders.put(new MailboxName("Junk"), Optional.of(SpecialUse.JUNK));
    folders.put(new MailboxName("Trash"), Optional.of(SpecialUse.TRASH));
    folders.put(new MailboxName("Archive"), Optional.of(SpecialUse.ARCHIVE));
    return folders;
  }
}
