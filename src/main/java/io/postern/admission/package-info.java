/**
 * Admission control: which peers may connect, how many sessions they may have, and how fast their
 * commands run.
 *
 * <p>Holds {@code AdmissionControl}, the port that listeners ask; {@code Admission}, the state of
 * one connection under it; and {@code ProxyHeader}, which reads the PROXY protocol. Imports Vert.x
 * and Mutiny. Must not know a session or a protocol's commands.
 *
 * <p>Laws: an address in a PROXY header is trusted only from the listed peers. What is read before
 * the greeting is bounded in octets and in time.
 *
 * <p>The PROXY protocol, versions 1 and 2 (haproxy.org, proxy-protocol.txt).
 */
package io.postern.admission;
