/**
 * The store in PostgreSQL.
 *
 * <p>Holds the adapters of the ports {@code Accounts}, {@code Mailboxes}, {@code Messages} and
 * {@code Blobs}, the {@code Sweeper}, and {@code Tx}, through which every call goes. Imports {@code
 * model}, {@code mime}, the store ports, Hibernate Reactive and the PostgreSQL client. Must not let
 * an entity, a row or a connection out, nor know a protocol, a cache or a hint.
 *
 * <p>Laws: one call is one transaction on one context, and its answer comes back on the caller's.
 * Hibernate has the nouns (accounts, mailboxes, subscriptions), the plain client has counters,
 * flags, mod-sequences and bytes; never both in one transaction. Rows are locked in one order: the
 * account, then {@code mailbox_state} ascending by id; whoever changes a mailbox's messages holds
 * its state row to the commit, and a reader's answer is one snapshot. A row of a content appears in
 * the same transaction as the first message that refers to it.
 */
package io.postern.store.postgres;
