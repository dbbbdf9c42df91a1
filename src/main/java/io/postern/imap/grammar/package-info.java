/**
 * Text to values and values to text: the grammar of IMAP.
 *
 * <p>Holds the cursor over a command, the writer of responses, and a file for each kind of text
 * that both need: sets, flags, dates, mailbox names, sections, search programs. Imports {@code
 * model}, {@code mime}, {@code wire.Request} with its literals, and Vert.x buffers. Must not do
 * I/O, know a session's state or the store, or use a regular expression.
 *
 * <p>Laws: a command is read when it is complete, so nothing here waits. Whatever the octets, a
 * reader ends, in time linear in them, with a value or with {@code BadSyntax}, its one checked way
 * out. What is written can be read back as the same value. Words that are open to extension (fetch
 * items, search keys) come in as look-up functions.
 *
 * <p>RFC 3501 §4, §5.1.3, §6.4.4, §6.4.5, §9; RFC 2971, RFC 4959, RFC 5161; RFC 9051 where it only
 * allows more.
 */
package io.postern.imap.grammar;
