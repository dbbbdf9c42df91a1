/**
 * The extensions beyond IMAP4rev1, one per file: its capability, its commands, its items, and their
 * code. The file that implements a capability announces it.
 *
 * <p>Imports {@code session} and {@code grammar}, the store ports. Extensions know neither each
 * other nor the base commands.
 */
package io.postern.imap.extension;
