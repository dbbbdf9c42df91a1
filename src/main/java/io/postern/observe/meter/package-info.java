/**
 * Micrometer meters of sessions, commands, admission, push, the store and the process.
 *
 * <p>Implements the small interfaces that the observed packages declare. Must not change anything,
 * and must not slow a session down.
 *
 * <p>Laws: labels are bounded; a user's name, an address or the text of a message is never a label.
 */
package io.postern.observe.meter;
