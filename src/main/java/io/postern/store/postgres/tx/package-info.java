/**
 * Transactions: one call of the store is one of them, on one safe context, tried again when it lost
 * to another, its faults turned into what the ports promise.
 *
 * <p>Imports the store ports, Hibernate Reactive and the SQL client. Must not know a table.
 */
package io.postern.store.postgres.tx;
