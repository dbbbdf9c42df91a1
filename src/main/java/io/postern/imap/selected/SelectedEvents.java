package io.postern.imap.selected;

import io.postern.model.NumberSet;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * The events of its selected mailbox that a client wants to hear of (RFC 5465 §5, §6.1). What it
 * does not hear of stays pending: it is sent when the client asks for these events again.
 *
 * @param messages new messages and expunges
 * @param flags changed flags; only with messages
 * @param delayed whether expunges are sent at the end of a command only, never between commands
 * @param fetch sends data of new messages, if the client asked for any
 */
public record SelectedEvents(
    boolean messages, boolean flags, boolean delayed, Optional<NewMessageFetch> fetch) {
  /** What a client hears of that has not used NOTIFY. */
  public static final SelectedEvents ALL = new SelectedEvents(true, true, false, Optional.empty());

  /** No events. */
  public static final SelectedEvents NONE =
      new SelectedEvents(false, false, false, Optional.empty());

  /** Sends data of messages that are new to the client. */
  @FunctionalInterface
  public interface NewMessageFetch {
    /**
     * Sends a FETCH response for each of the messages that is still there.
     *
     * @param index that the view has noticed last
     * @param uids of messages for which EXISTS was sent
     */
    Uni<Void> send(View view, MailboxIndex index, NumberSet uids);
  }

  /** Which updates may be sent while no command runs. */
  Updates.Scope betweenCommands() {
    if (!messages) {
      return Updates.Scope.NOTHING;
    }
    return delayed ? Updates.Scope.WITHOUT_EXPUNGE : Updates.Scope.ALL;
  }
}
