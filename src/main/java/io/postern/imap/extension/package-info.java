/**
 * Everything beyond IMAP4rev1, a file each: its capability, its verbs, its items, and the code of
 * all of them. A capability is announced by the file that implements it.
 *
 * <p>Imports {@code session} and {@code grammar}, the store ports. Extensions know neither each
 * other nor the base verbs.
 */
package io.postern.imap.extension;
