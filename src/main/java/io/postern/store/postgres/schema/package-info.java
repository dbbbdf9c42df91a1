/**
 * Which migrations a database has seen.
 *
 * <p>Imports {@code Tx}. Must not change anything: migrating is the platform's, when {@code app}
 * asks for it.
 */
package io.postern.store.postgres.schema;
