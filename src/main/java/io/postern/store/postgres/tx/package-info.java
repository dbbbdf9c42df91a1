/**
 * Transactions: one call of the store is one transaction on one safe context; it is retried when it
 * lost to another, and its errors are mapped to the ports' failures.
 *
 * <p>Imports the store ports, Hibernate Reactive and the SQL client. Must not know a table.
 */
package io.postern.store.postgres.tx;
