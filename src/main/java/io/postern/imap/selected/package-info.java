/**
 * The selected mailbox of a session: what the client knows of it, and how it gets the changes (RFC
 * 3501 §5.2, §7).
 *
 * <p>Holds the {@code View} (what was sent to the client, the saved result of its searches, and
 * {@code FollowedSearches}), {@code Updates} (the difference between the view and the index, as
 * responses), {@code MailboxListener} (the hints for it) and {@code UpdateLoop} (updates that are
 * sent without a command: while IDLE runs, or between commands). NOTIFY restricts what is sent
 * ({@code SelectedEvents}) and adds what a client hears of other mailboxes ({@code Notifications},
 * a port). Imports {@code response}, the index and push ports. Knows no command.
 *
 * <p>Laws: used on the connection's context only. Expunges are sent only where the caller allows
 * it, so sequence numbers never change under a command. One update runs at a time. What is pushed
 * writes nothing: messages that arrive are claimed as {@code \Recent} (RFC 3501 §2.3.2) when the
 * next command ends, IDLE included, and not by a session that ends before.
 */
package io.postern.imap.selected;
