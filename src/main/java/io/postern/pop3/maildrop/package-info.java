/**
 * The maildrop of a POP3 session: its messages, its lock, and how a message is sent.
 *
 * <p>Holds the {@code Maildrop} with the {@code Lease} of its lock, {@code MaildropOpener}, and the
 * streaming of messages ({@code Retrieval}, {@code SequentialReader}, {@code DotStuffer}, {@code
 * TopLines}). Imports {@code model}, {@code mime}, {@code config}, {@code wire}, the identity of a
 * user, the store ports and {@code store.index}. Must not know a session or a command of POP3.
 *
 * <p>Laws: those of {@code pop3}. RFC 1939, RFC 2449 §8.1.
 */
package io.postern.pop3.maildrop;
