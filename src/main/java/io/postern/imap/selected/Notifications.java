package io.postern.imap.selected;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.push.Hint;
import io.postern.store.Annotations.Subject;
import io.postern.store.Messages.Changed;
import io.smallrye.mutiny.Uni;
import java.util.Set;

/**
 * What a client wants to hear of mailboxes other than the selected one (RFC 5465). Used on the
 * connection's context only.
 */
public interface Notifications {
  /**
   * A change of names or annotations that the session's own client made: it is not sent to this
   * client.
   */
  sealed interface OwnChange {
    /** CREATE made this mailbox. */
    record Created(MailboxInfo mailbox) implements OwnChange {}

    /** DELETE removed this mailbox. */
    record Deleted(MailboxKey mailbox) implements OwnChange {}

    /** RENAME gave a name and those below it other ones. */
    record Renamed(MailboxName from, MailboxName to) implements OwnChange {}

    /** SUBSCRIBE or UNSUBSCRIBE of a name. */
    record Subscription(MailboxName name, boolean on) implements OwnChange {}

    /**
     * SETMETADATA set annotations, or removed them.
     *
     * @param set their names, in lower case
     * @param removed the names of those that are not there any more
     * @param version of those that were set
     */
    record Annotated(Subject subject, Set<String> set, Set<String> removed, long version)
        implements OwnChange {}
  }

  /** Records a hint; returns whether there is something to look up. */
  boolean hinted(Hint hint);

  /** Records that anything may have changed without a hint. */
  void resync();

  /** Records a change by this session, before any hint of it is looked up. */
  void changed(OwnChange change);

  /** Records messages that this session wrote to a mailbox. */
  void written(MailboxKey mailbox, Changed change);

  /** Records that the session left its selected mailbox, of which the client knows this much. */
  void left(View view);

  /** Whether there is something to look up. */
  boolean isPending();

  /**
   * Looks up what is pending, by one trip to the database, and sends what the client wants to hear
   * of it. What could not be sent stays pending.
   */
  Uni<Void> send();

  /** Others take their place: no hints are heard any more but those of the user's own account. */
  void close();
}
