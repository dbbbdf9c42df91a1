/**
 * Ports for administrators: messages that can be brought back, the check of what is stored, and the
 * renewal of UIDVALIDITY.
 *
 * <p>Imports {@code model}, {@code model.message} and {@code store}; the laws are those of {@code
 * store}.
 */
package io.postern.store.maintenance;
