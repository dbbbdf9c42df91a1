/**
 * LMTP: a mail transfer agent delivers mail.
 *
 * <p>Holds the protocol's state machine ({@code LmtpSession}, {@code LmtpState}), its commands and
 * replies, their addresses, {@code TraceFields} and {@code Delivery}: one spool, many recipients.
 * Imports {@code model}, {@code model.message}, {@code mime}, {@code config}, {@code wire}, {@code
 * site.MailDelivery} and the store ports. Must not know another protocol, SQL or a socket.
 *
 * <p>Laws: for a recipient with the reply 250 after the data, the message is stored durably; for
 * one with 4yz or 5yz it is not; every recipient gets exactly one reply, in the order of RCPT. Each
 * recipient is one statement, a transaction of its own, so a failure affects no other recipient; a
 * few run at the same time. A message is stored octet for octet as received, behind the lines that
 * final delivery adds (RFC 5321 §4.4): Return-Path, for which existing ones are removed from the
 * header; Delivered-To and Received where the settings ask for them. Its octets are stored once for
 * all recipients, even if each has lines of its own. Only peers of the trusted networks are
 * accepted; there is no relaying. Mail for a mailbox of another site is passed on to that site,
 * whose reply is that of the recipient; mail that another site passes on ({@code SiteMailReceiver})
 * goes no further.
 *
 * <p>RFC 2033, RFC 5321, RFC 1870 (SIZE), RFC 2034 and 3463 (ENHANCEDSTATUSCODES), RFC 2920
 * (PIPELINING), RFC 3207 (STARTTLS), RFC 3848 (LMTPS), RFC 5233 (detail), RFC 6152 (8BITMIME), RFC
 * 6531 (SMTPUTF8), RFC 9228 (Delivered-To).
 */
package io.postern.lmtp;
