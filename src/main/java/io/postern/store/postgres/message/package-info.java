/**
 * Messages in PostgreSQL: append, flags, expunge, copy and move, and the query for mailbox indexes.
 *
 * <p>Holds the adapter {@code PgMessages} and its statements, the row of a mailbox's state, the
 * marks of damaged mailboxes, and the locks of maildrops. Imports {@code model}, {@code
 * model.message}, {@code mime}, the store ports, {@code store.index}, {@code page}, {@code content}
 * and {@code tx}. Must not use Hibernate.
 *
 * <p>Laws: those of {@code store.postgres}; this node's writes to a mailbox queue, and those of one
 * kind that wait share a transaction. A change of flags, an expunge, a copy or a move is computed
 * from the node's index and written only if the mailbox is still at the index's mod-sequence;
 * otherwise it is computed again, after two lost races with the mailbox's row locked first. An
 * append needs no index: it takes UID and mod-sequence in the row; nor does the target of a copy or
 * move of a few messages. A name is resolved by the statement that reads or writes the mailbox.
 */
package io.postern.store.postgres.message;
