/**
 * Mailboxes and their messages over HTTP, for import and export: the mailboxes of an account, the
 * messages of a mailbox, the octets of a message, and adding one.
 *
 * <p>Holds one resource class for each noun, and {@code MessageUpload}, which streams a body to the
 * store. Imports {@code admin} (pages), {@code admin.account} (finding accounts), {@code
 * admin.security}, {@code model}, {@code config} and the store ports. Must not know a protocol, an
 * adapter or SQL, nor the files that messages come from: the command line reads and writes those.
 *
 * <p>Laws: only the role that may do everything reads or adds mail, and each reading is audited;
 * octets are streamed both ways and never held whole; octets are returned as they were added; a
 * body that comes too slowly is refused, and its place is free.
 *
 * <p>RFC 9110, RFC 9457; RFC 3501 §2.3.2 (flags), §2.3.3 (internal date).
 */
package io.postern.admin.mailbox;
