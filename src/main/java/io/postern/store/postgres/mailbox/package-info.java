/**
 * The tree of an account's mailboxes in PostgreSQL: create, delete, rename, subscribe.
 *
 * <p>Holds the adapter {@code PgMailboxes}, the entities that Hibernate Reactive maps, and the
 * initial mailboxes of every account. Imports {@code model}, the store ports, {@code tx}, {@code
 * page} and the mailbox's state row of {@code message}.
 *
 * <p>Laws: those of {@code store.postgres}; a change of the tree locks the account's row first.
 */
package io.postern.store.postgres.mailbox;
