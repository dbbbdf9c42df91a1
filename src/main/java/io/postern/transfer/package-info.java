/**
 * Import and export of mailboxes, in the process of the command line: from archives and other IMAP
 * servers to a mailbox, and from a mailbox to an archive.
 *
 * <p>Holds {@code MailboxImport} and {@code MailboxExport}, the mailbox as they see it ({@code
 * RemoteMailbox}), their progress and their rate. Imports {@code transfer.archive} and the JDK;
 * blocks. Must not know the API that is called, nor the server.
 *
 * <p>Laws: a message that the mailbox has from an earlier run is not added again: the same octets
 * with the same date, as often as the source has it; nothing is held of more than one message.
 */
package io.postern.transfer;
