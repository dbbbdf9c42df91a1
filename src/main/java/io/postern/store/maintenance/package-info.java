/**
 * Ports for administrators: messages that can be brought back, the check of what is stored, the
 * renewal of UIDVALIDITY, and the audit trail.
 *
 * <p>Imports {@code model}, {@code model.message} and {@code store}; the laws are those of {@code
 * store}.
 */
package io.postern.store.maintenance;
