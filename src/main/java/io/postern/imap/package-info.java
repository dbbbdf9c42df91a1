/**
 * IMAP4rev1 (RFC 3501). {@code Catalogue} is the list of all that is spoken; {@code grammar} reads
 * and writes it, {@code session} is a client's life, {@code command} and {@code extension} hold the
 * verbs.
 *
 * <p>The arrows go {@code grammar ← session ← command, extension ← Catalogue}. Must not know
 * another protocol.
 */
package io.postern.imap;
