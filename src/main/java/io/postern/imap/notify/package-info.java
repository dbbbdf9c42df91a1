/**
 * What a client hears of without asking each time (NOTIFY, RFC 5465): of its selected mailbox, and
 * of others.
 *
 * <p>Holds the parser of the event groups ({@code NotifyText}), what they want of a mailbox ({@code
 * EventFilter}, {@code Events}), what the client was sent of each ({@code WatchedMailboxes}, with
 * {@code KnownNames}, {@code KnownStatuses} and {@code KnownAnnotations}), and the changes of names
 * ({@code MailboxNames}). Imports {@code spi} and what it is built on. Knows no command.
 *
 * <p>Laws: what is sent follows from the state of the store and what was sent before, never from a
 * hint itself; one trip to the database for all hints that are pending; what is kept of a session
 * is bounded, and passing the bound ends its notifications with NOTIFICATIONOVERFLOW; of the
 * client's own changes it is sent nothing.
 */
package io.postern.imap.notify;
