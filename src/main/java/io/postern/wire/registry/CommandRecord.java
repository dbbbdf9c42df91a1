package io.postern.wire.registry;

import io.postern.wire.Request;

/**
 * A command that ended.
 *
 * @param number counts the session's commands from 1
 * @param command its name in the protocol's catalogue, {@code ?} for an unknown one
 * @param outcome a word of the protocol's own, such as {@code ok} or {@code no}
 * @param request what the client sent: it may contain a password
 * @param nanos how long it ran
 * @param out octets written meanwhile
 */
public record CommandRecord(
    long number, String command, String outcome, Request request, long nanos, long out) {}
