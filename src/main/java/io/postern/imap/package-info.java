/**
 * IMAP4rev1 (RFC 3501) and IMAP4rev2 (RFC 9051). {@code Catalogue} lists everything the server
 * supports; {@code grammar} parses and writes it, {@code session} runs a client's session, {@code
 * command} and {@code extension} hold the commands.
 *
 * <p>The dependencies are {@code grammar ← session ← command, extension ← Catalogue}. Must not know
 * another protocol.
 */
package io.postern.imap;
