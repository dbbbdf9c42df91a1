/**
 * Mail fetched from an INBOX by POP3.
 *
 * <p>Holds the protocol's state machine ({@code Pop3Session}, {@code Pop3State}), its commands, the
 * {@code Maildrop} with the {@code Lease} of its lock, and what is sent of a message ({@code
 * Retrieval}, {@code DotStuffer}). Imports {@code model}, {@code mime}, {@code config}, {@code
 * wire}, {@code auth}, the store ports and {@code store.index}. Must not know another protocol, SQL
 * or a socket.
 *
 * <p>Laws: a maildrop is INBOX as it was at login, numbered once; one session has it at a time, on
 * whichever node. Messages are removed in UPDATE only, all in one transaction that checks the lock;
 * a session that ends without QUIT removes nothing. A unique-id is the mailbox's UIDVALIDITY and
 * the message's UID: never another's, the same on every node. A message is sent as it is stored,
 * but for its line ends: a bare line feed and a last line without end are sent as CRLF, counted so
 * by STAT, LIST and RETR, and a dot behind them is doubled. A bare carriage return ends no line.
 * NUL is shown as 0x80. UTF-8 in headers is sent in either mode: mail that can't be had helps
 * nobody. APOP is not spoken, because it needs passwords that can be read.
 *
 * <p>RFC 1939, RFC 2449 (CAPA), RFC 2595 (STLS), RFC 3206 (AUTH-RESP-CODE), RFC 5034 (AUTH), RFC
 * 6856 (UTF8, LANG).
 */
package io.postern.pop3;
