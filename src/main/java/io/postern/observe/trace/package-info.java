/**
 * OpenTelemetry traces: a span for each command, when the settings ask for it.
 *
 * <p>Imports {@code config} and the session events of {@code wire}, to which {@code app} connects
 * it. Counts the spans made, sent and lost. While traces are switched off, must not open a
 * connection, start a thread or keep state of a session.
 *
 * <p>Laws: a span says what ran, how long and how it ended, never its content: no parameter, user,
 * mailbox or address. A command is a trace of its own, linked to the span of its session: sessions
 * last for days, and trace backends do not keep a trace of that length.
 */
package io.postern.observe.trace;
