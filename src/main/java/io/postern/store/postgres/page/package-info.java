/**
 * How the messages of a mailbox are packed: octets to columns and back, without SQL.
 *
 * <p>Holds the place of a UID ({@code PageLayout}), the formats of flags, facts and recoverable
 * messages, and what a change makes of pages. Imports {@code model} and {@code store.index}. Must
 * not know a statement.
 *
 * <p>Laws: a message's place follows from its UID; a reader checks the format, and the checksum
 * where there is one, before it believes a page; formats are numbered.
 */
package io.postern.store.postgres.page;
