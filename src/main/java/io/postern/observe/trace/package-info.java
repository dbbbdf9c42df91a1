/**
 * OpenTelemetry traces: a span for each command, when the settings ask for it.
 *
 * <p>Imports {@code config} and of {@code wire} what tells of sessions; joined to them by {@code
 * app}. Counts what becomes of spans. Must not open a connection, begin a thread or keep anything
 * of a session while traces are switched off.
 *
 * <p>Laws: a span says what ran, how long and how it ended, never what was said: no parameter, no
 * user, no mailbox, no address. A command is a trace of its own, linked to the span of its session:
 * sessions last for days, and a trace of that length is one that nobody keeps.
 */
package io.postern.observe.trace;
