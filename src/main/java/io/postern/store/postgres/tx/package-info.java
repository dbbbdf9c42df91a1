/**
 * Connections, and transactions on them: one call of the store is one transaction on one safe
 * context; it is retried when it lost to another, and its errors are mapped to the ports' failures.
 *
 * <p>Each event loop has connections of its own ({@code Connections}): a shared one for short
 * reads, some for long reads, some for writes. Laws: a call runs on its caller's event loop; after
 * the end of a call none of its steps begins; what is sent on connections for reads cannot write; a
 * deadline is never early.
 *
 * <p>Imports the store ports, Hibernate Reactive and the SQL client. Must not know a table.
 */
package io.postern.store.postgres.tx;
