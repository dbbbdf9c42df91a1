/**
 * One IMAP client's session: its state, and the running of its commands (RFC 3501 §3, §5).
 *
 * <p>Holds the state machine ({@code ImapSession}), the parsing of a request's tag and verb, the
 * policy for literals, and which extensions a client is served ({@code ServedExtensions}). Imports
 * {@code spi} and what it is built on. Must not know any verb: verbs come from the catalogue
 * through {@code ExtensionRegistry}.
 *
 * <p>Laws: a session is used only on its connection's context. It runs one command at a time; only
 * {@code ImapSession} assigns the state. A refusal stays an {@code Outcome} until the encoder
 * writes it.
 */
package io.postern.imap.session;
