/**
 * Ports to what is kept: accounts, mailboxes, messages and bytes. The store is the truth; whatever
 * a node holds in memory is a cache of it.
 *
 * <p>Speaks ids, records, {@code Uni} and {@code Multi}; imports {@code model} and {@code mime}.
 * Must not know an adapter, a protocol or a socket.
 *
 * <p>Laws: one call is one transaction and one meaning; a call that completes is durable; results
 * come back on the Vert.x context of the caller; all failures that a caller may answer to are a
 * {@link io.postern.store.StoreException} with a {@link io.postern.store.StoreFailure}. No call
 * holds a connection, transaction or row lock while its caller awaits a socket. Within a mailbox
 * the order of mod-sequences is the order of commits.
 */
package io.postern.store;
