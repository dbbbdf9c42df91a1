/**
 * Files that hold the messages of a mailbox: mbox, Maildir, and tar with a file for each message.
 *
 * <p>Holds {@code ArchivedMessage}, the octets of a message in memory or in a temporary file
 * ({@code Spool}), and a reader and a writer for each format. Imports the JDK and Commons Compress;
 * blocks. Must not know where the messages come from or go to.
 *
 * <p>Laws: what a writer wrote, its reader reads octet by octet, with flags and date; a message is
 * held in memory up to a bound, and on disk beyond it.
 *
 * <p>RFC 4155 (mbox), the variant <i>mboxrd</i>; Maildir as Courier and Dovecot have it; POSIX pax.
 */
package io.postern.transfer.archive;
