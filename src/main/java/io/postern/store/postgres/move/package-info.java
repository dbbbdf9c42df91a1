/**
 * Moves of accounts between sites, in PostgreSQL.
 *
 * <p>Holds the adapters of {@code Departures}, {@code Arrivals} and {@code MoveJobs}. Imports
 * {@code model}, {@code store.move}, {@code schema} and {@code tx}. Must not know another database,
 * nor a format of pages: rows are copied in the form in which they are stored, and both sides need
 * the same schema.
 *
 * <p>Laws: those of {@code store.postgres}. The fence is in the database: triggers refuse changes
 * of a fenced account. A freeze locks the account's row, then all its {@code mailbox_state}
 * ascending, and so waits for every change under way. Rows of an account that arrives are written
 * by transactions that hold a lock on its {@code account_arrival} and have checked the attempt
 * there.
 */
package io.postern.store.postgres.move;
