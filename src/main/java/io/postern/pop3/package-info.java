/**
 * POP3: clients fetch mail from an INBOX.
 *
 * <p>Holds the protocol's state machine ({@code Pop3Session}, {@code Pop3State}) and its commands;
 * {@code maildrop} opens the maildrop and streams its messages. Imports {@code model}, {@code
 * config}, {@code wire}, {@code auth}, {@code site}, the store ports and {@code store.index}. Must
 * not know another protocol, SQL or a socket.
 *
 * <p>Laws: a maildrop is INBOX as it was at login, numbered once; one session at a time holds it,
 * on any node. Messages are removed in UPDATE only, all in one transaction that checks the lock; a
 * session that ends without QUIT removes nothing. A unique-id is the mailbox's UIDVALIDITY and the
 * message's UID: unique for ever, and the same on every node. A message is sent as stored, except
 * for line ends: a bare line feed and a last line without end are sent as CRLF, and STAT, LIST and
 * RETR count them so; a dot behind them is doubled. A bare carriage return ends no line. NUL is
 * shown as 0x80. UTF-8 in headers is sent in either mode, so that no mail is unreadable. APOP is
 * not supported, because it needs stored passwords in clear text.
 *
 * <p>RFC 1939, RFC 2449 (CAPA), RFC 2595 (STLS), RFC 3206 (AUTH-RESP-CODE), RFC 5034 (AUTH), RFC
 * 6856 (UTF8, LANG).
 */
package io.postern.pop3;
