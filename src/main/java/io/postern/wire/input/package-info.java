/**
 * What a client sends: splits octets into frames, assembles frames to commands, and runs the
 * commands one at a time.
 *
 * <p>Holds {@code Framer}, which finds lines, literals (RFC 3501 §4.3, RFC 7888) and message data
 * (RFC 5321 §4.5.2); {@code CommandReceiver}, which assembles a {@code PendingCommand} of them;
 * {@code CommandPipeline}, which runs it; {@code SessionWork}, what runs for a session and is
 * cancelled with it; and the {@code Phase} of a connection with its times. Imports {@code wire},
 * {@code wire.timer}, {@code wire.limits}, {@code admission} and {@code cancellation}. Must not
 * know a socket or a protocol: {@code PipelineConnection} is what it uses of the connection.
 *
 * <p>Laws: the same frames are found however the octets were split on their way; a line, a run of
 * empty lines and a literal are bounded in octets. A literal is decided before its first octet.
 */
package io.postern.wire.input;
