/**
 * What replicas agree on besides mail: how many sessions a user, an address and a protocol have;
 * who failed to log in how often; who was served how much; whose sessions are to end.
 *
 * <p>Holds {@code Gatekeeper}, which is the doorman and the gate of logins, and what it asks:
 * {@code Counts}, {@code Guard}, {@code Budgets}; and {@code Kicking}. All of it is local first and
 * shared through Redis, over {@code Link}. Imports {@code config}, {@code auth}, {@code wire.door},
 * {@code wire.Sessions} and {@code push.RedisLine}. Must not know a protocol's words, nor keep
 * anything that matters when it is lost.
 *
 * <p>Laws: with Redis lost each replica counts for itself, and nobody is kept out for that. A dead
 * replica's counts vanish with its lease. Nothing a client sends is a key in full: names are
 * digests. All maps are bounded by open connections or by a number.
 */
package io.postern.cluster;
