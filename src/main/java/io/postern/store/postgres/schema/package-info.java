/**
 * Reads which migrations were applied to a database.
 *
 * <p>Imports {@code Tx}. Must not change anything: the platform migrates when {@code app} requests
 * it.
 */
package io.postern.store.postgres.schema;
