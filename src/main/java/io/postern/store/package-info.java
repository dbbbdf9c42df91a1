/**
 * Ports to persistent data: accounts, mailboxes, messages and bytes. The store is the source of
 * truth; what a node holds in memory is a cache of it.
 *
 * <p>Uses ids, records, {@code Uni} and {@code Multi}; imports {@code model}, {@code
 * model.message}, {@code mime} and {@code mime.search}. Must not know an adapter, a protocol or a
 * socket.
 *
 * <p>Laws: one call is one transaction with one purpose; a call that completes is durable; results
 * come back on the Vert.x context of the caller; every failure that a caller may handle is a {@link
 * io.postern.store.StoreException} with a {@link io.postern.store.StoreFailure}. No call holds a
 * connection, transaction or row lock while its caller awaits a socket. Within a mailbox the order
 * of mod-sequences is the order of commits.
 */
package io.postern.store;
