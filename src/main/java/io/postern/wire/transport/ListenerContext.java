package io.postern.wire.transport;

import io.postern.admission.AdmissionControl;
import io.postern.wire.Protocol;
import io.postern.wire.limits.WireLimits;
import java.util.function.Supplier;

/**
 * What a listener passes to each of its connections.
 *
 * @param listener the key by which the registry finds the listener's sessions
 * @param tls whether STARTTLS is offered
 * @param limits read at each step, so that a change applies to open connections
 */
record ListenerContext(
    Object listener,
    Protocol protocol,
    boolean tls,
    Supplier<WireLimits> limits,
    SessionRegistry sessions,
    AdmissionControl admissionControl) {}
