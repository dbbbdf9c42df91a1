package io.postern.wire.transport;

import io.postern.admission.AdmissionControl;
import io.postern.wire.Protocol;
import io.postern.wire.limits.WireLimits;
import java.util.function.Supplier;

/**
 * What a listener gives to each of its connections.
 *
 * @param listener by which the registry finds its sessions
 * @param tls whether STARTTLS is offered
 * @param limits asked at each step, so that a change is felt by open connections
 */
record ListenerContext(
    Object listener,
    Protocol protocol,
    boolean tls,
    Supplier<WireLimits> limits,
    SessionRegistry sessions,
    AdmissionControl admissionControl) {}
