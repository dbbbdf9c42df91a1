/**
 * Messages in PostgreSQL: append, flags, expunge, copy and move, and the queries for mailbox
 * indexes.
 *
 * <p>Holds the adapter {@code PgMessages} and its statements, the row of a mailbox's state, and the
 * locks of maildrops. Imports {@code model}, {@code mime}, the store ports and {@code tx}. Must not
 * use Hibernate.
 *
 * <p>Laws: those of {@code store.postgres}.
 */
package io.postern.store.postgres.message;
