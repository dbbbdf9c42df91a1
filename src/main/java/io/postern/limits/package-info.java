/**
 * Limits that all replicas share: counts of connections and sessions, the command throttle, the
 * login guard, the revocation of sessions, and whose commands are logged for a time.
 *
 * <p>Holds {@code AdmissionService}, which implements {@code AdmissionControl} and {@code
 * LoginPolicy}, and what it uses: {@code SharedCounters}, {@code LoginGuard}, {@code
 * CommandThrottle}, {@code LiveSessions}; {@code SharedSessionRevocation} with its {@code
 * RecentRevocations}; and {@code SharedProtocolLogRequests}. Every replica decides with its local
 * state; {@code ClusterBus} shares that state through Redis. Must not know a protocol's commands.
 * Must not hold anything that matters when it is lost.
 *
 * <p>Laws: without Redis each replica counts for itself, and no client is refused for that reason.
 * The counts of a dead replica disappear with its lease. Keys in Redis are digests of names. All
 * maps are bounded by the number of open connections or by a constant.
 */
package io.postern.limits;
