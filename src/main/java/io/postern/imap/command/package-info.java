/**
 * The commands of IMAP4rev1 (RFC 3501 §6), one per file; twin commands share one. {@code Rev1}
 * enters them in the catalogue.
 *
 * <p>Imports {@code session} and {@code grammar}, the store ports and {@code wire.Literal}.
 * Commands do not know each other: code that two of them need is in {@code session} or {@code
 * grammar}.
 *
 * <p>Order within a file: arguments, parse, run, write.
 */
package io.postern.imap.command;
