/**
 * The grammar of IMAP: parses text to values, and writes values as text.
 *
 * <p>Holds the cursor over a command, the writer of responses, and a file for each kind of text
 * that both need: sets, flags, dates, mailbox names, sections, search programs. Imports {@code
 * model}, {@code model.message}, {@code mime}, {@code wire.Request} with its literals, and Vert.x
 * buffers. Must not do I/O, know a session's state or the store, or use a regular expression.
 *
 * <p>Laws: a command is parsed when it is complete, so nothing here waits. For any octets, a reader
 * returns a value or throws {@code BadSyntax}, its only checked exception, in time linear in the
 * octets. Written text can be parsed to the same value. The caller passes look-up functions for
 * words that extensions add (fetch items, search keys).
 *
 * <p>RFC 3501 §4, §5.1.3, §6.4.4, §6.4.5, §9; RFC 2971, RFC 4959, RFC 5161; RFC 9051 where it only
 * allows more.
 */
package io.postern.imap.grammar;
