/**
 * The store in PostgreSQL.
 *
 * <p>Holds the adapters of the ports {@code Accounts}, {@code Mailboxes}, {@code Messages} and
 * {@code Blobs}, the {@code Sweeper}, the rewriting of sparse pages, the verification of what is
 * stored, and {@code Tx}, which runs every call. Imports {@code model}, {@code model.message},
 * {@code mime}, the store ports, Hibernate Reactive and the PostgreSQL client. Must not expose an
 * entity, a row or a connection, nor know a protocol, a cache or a hint.
 *
 * <p>Laws: one call is one transaction on one context, and its result comes back on the caller's.
 * Hibernate maps the entities (accounts, mailboxes, subscriptions), the plain client handles
 * counters, flags, mod-sequences and bytes; never both in one transaction. Rows are locked in one
 * order: the account, then {@code mailbox_state} ascending by id; a change to a mailbox's messages
 * locks its state row until the commit, and a read sees one snapshot. A row of a content appears in
 * the same transaction as the first message that refers to it. Messages are stored in pages of 256
 * UIDs and a tail of up to 32 (room {@code page}), which have checksums; a mailbox of which one
 * does not match is marked in its row, and neither opened nor changed.
 */
package io.postern.store.postgres;
