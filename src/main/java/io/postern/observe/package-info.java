/**
 * Observability: meters, logs, traces, liveness and readiness.
 *
 * <p>Implements the small interfaces that the observed packages declare, so that no protocol knows
 * a meter. Imports {@code model}, {@code config}, {@code wire}, {@code auth}, {@code push}, {@code
 * imap.session}, {@code limits.AdmissionMeter}, {@code observe.trace.Traces}, and of the store the
 * call counters and the indexes, whose size it reads. Must not change anything, nor slow a session
 * down.
 *
 * <p>Laws: labels are bounded; a secret, the text of a message or a user's name is never a label. A
 * log line about a session begins with {@code session} and its id. What a client sends before it is
 * authenticated, and all credentials, are never logged.
 */
package io.postern.observe;
