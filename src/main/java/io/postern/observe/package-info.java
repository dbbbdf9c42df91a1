/**
 * What is told of a running server: meters, readiness.
 *
 * <p>Implements the small interfaces that the rooms it watches declare, so that no protocol knows a
 * meter. Imports {@code model}, {@code config}, {@code wire}, {@code auth}, {@code push}, {@code
 * imap.session} and {@code cluster.CrowdMeter}. Must not change anything, nor slow a session down.
 *
 * <p>Laws: labels are bounded; no secret, no text of a message, no user's name is a label.
 */
package io.postern.observe;
