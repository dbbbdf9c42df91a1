/**
 * Mail handed in by a mail transfer agent: LMTP.
 *
 * <p>Holds the protocol's state machine ({@code LmtpSession}, {@code LmtpState}), its commands and
 * replies, the addresses they name, {@code TraceFields} and {@code Delivery}: one spool, many
 * recipients. Imports {@code model}, {@code mime}, {@code config}, {@code wire} and the store
 * ports. Must not know another protocol, SQL or a socket.
 *
 * <p>Laws: a recipient that was answered 250 after the data has the message, durably; one that was
 * answered 4yz or 5yz has not; every recipient gets exactly one answer, in the order of RCPT. Each
 * recipient is a short transaction of its own, so one's failure is nobody else's. What is stored is
 * octet for octet what was handed in, behind the lines that final delivery adds (RFC 5321 §4.4):
 * Return-Path, for which any that came along is taken out of the header; Delivered-To and Received
 * where the settings ask for them. Its octets are stored once for all recipients, with lines of
 * their own too. Only peers of the trusted networks are listened to; there is no relaying.
 *
 * <p>RFC 2033, RFC 5321, RFC 1870 (SIZE), RFC 2034 and 3463 (ENHANCEDSTATUSCODES), RFC 2920
 * (PIPELINING), RFC 3207 (STARTTLS), RFC 3848 (LMTPS), RFC 5233 (detail), RFC 6152 (8BITMIME), RFC
 * 6531 (SMTPUTF8), RFC 9228 (Delivered-To).
 */
package io.postern.lmtp;
