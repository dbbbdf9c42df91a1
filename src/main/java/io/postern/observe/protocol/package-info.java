/**
 * The protocol log: each command of IMAP and POP3, with the fields of Exchange's log, in files of
 * Exchange's formats or in the server's own log.
 *
 * <p>Holds {@code ProtocolLog}, which receives the events of sessions; {@code RedactedCommand},
 * which removes what must not be logged; {@code ProtocolLogWriter}, a thread with a bounded queue;
 * {@code ProtocolLogFiles}, which rolls files over and deletes old ones; and {@code
 * ProtocolLogFormat}.
 *
 * <p>Imports {@code config}, {@code wire.registry}, {@code observe.log} and {@code observe.meter}.
 *
 * <p>Laws: a session never waits for the log; what the queue cannot hold is dropped and counted.
 * Passwords, tokens and the text of messages are removed before an entry is queued: of a literal
 * only its length is logged, of a SASL exchange only the mechanism.
 */
package io.postern.observe.protocol;
