/**
 * The mailboxes of another IMAP server, as a source of messages: a small client that reads folders
 * and messages and changes nothing, and the migration of all folders.
 *
 * <p>Holds {@code ImapConnection} (responses and their literals), {@code ImapSource} (folders,
 * messages), {@code ImapMigration}, and its journal, by which an interrupted run goes on. Imports
 * {@code transfer}, {@code transfer.archive} and the JDK; blocks. Must not know the server of this
 * project: it reads from any.
 *
 * <p>Laws: folders are examined, never selected, and bodies peeked at; each wait has a timeout,
 * each line and literal a bound; certificates are verified, and the password is in no error.
 *
 * <p>RFC 3501, RFC 8314 (TLS), RFC 2595 (STARTTLS).
 */
package io.postern.transfer.source;
