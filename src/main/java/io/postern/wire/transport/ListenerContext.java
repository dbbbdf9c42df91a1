package io.postern.wire.transport;

import io.postern.admission.AdmissionControl;
import io.postern.wire.Protocol;
import io.postern.wire.limits.WireLimits;
import io.postern.wire.registry.SessionRegistry;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What a listener passes to each of its connections.
 *
 * @param listener the key by which the registry finds the listener's sessions; its text names the
 *     listener in logs
 * @param startTls whether a new connection may use STARTTLS
 * @param accepting whether new connections are served; otherwise they are closed at once
 * @param limits read at each step, so that a change applies to open connections
 * @param backEnd for a listener on which other sites pass on connections; empty for clients
 * @param hangups notices the end of connections whose sockets are not read
 */
record ListenerContext(
    Object listener,
    Protocol protocol,
    BooleanSupplier startTls,
    BooleanSupplier accepting,
    Supplier<WireLimits> limits,
    SessionRegistry sessions,
    AdmissionControl admissionControl,
    Optional<BackEnd> backEnd,
    HangupProbe hangups) {}
