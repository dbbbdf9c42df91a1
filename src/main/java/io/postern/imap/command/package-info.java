/**
 * The verbs of IMAP4rev1 (RFC 3501 §6), a file each; twin verbs share one. {@code Rev1} enters them
 * in the catalogue.
 *
 * <p>Imports {@code session} and {@code grammar}, the store ports and {@code wire.Literal}. Verbs
 * do not know each other: what two of them need is in {@code session} or {@code grammar}.
 *
 * <p>A file reads in the order: what was asked, parse, run, write.
 */
package io.postern.imap.command;
