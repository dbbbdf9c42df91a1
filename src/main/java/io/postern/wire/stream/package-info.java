/**
 * The stages of a connection's octet stream, and how the stream is switched to a further one while
 * the connection is open.
 *
 * <p>Holds {@code StreamSwitch}, the procedure that is the same for all stages, and one {@code
 * StageInsertion} for each {@code StreamStage}; and {@code FlushConsolidation}, for sockets that
 * pass on what others receive. Imports {@code wire}, Vert.x and Netty. Must not know a protocol.
 *
 * <p>Laws: a stream is switched between two commands only. Octets that arrive behind the command
 * and before the stage are never run.
 *
 * <p>To add a stage: a constant in {@code StreamStage} and its {@code StageInsertion}. Compression
 * lies between TLS and the protocol: {@code DeflateEncoder} and {@code InflateDecoder}, some 50 KB
 * of memory per connection that uses them.
 *
 * <p>RFC 2595 §4, RFC 3207 §4.2, RFC 3501 §6.2.1 (STARTTLS); RFC 1951, RFC 4978.
 */
package io.postern.wire.stream;
