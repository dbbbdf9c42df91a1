/**
 * The directory of homes: read for logins, kept in memory for seconds, published by the sites.
 *
 * <p>Holds {@code PgHomeDirectory}, the adapter to its own PostgreSQL schema; {@code CachedHomes};
 * {@code HomedAccounts} and {@code HomedAppPasswords}, with which logins see the accounts of all
 * sites; {@code PublishedAccounts} and {@code PublishedAppPasswords}, through which changes of this
 * site's accounts reach the directory; {@code HomePublisher}, which publishes all of them. Imports
 * {@code model}, the store's account ports and {@code site}. Must not know a protocol.
 *
 * <p>Laws: while the directory is down, the last answer holds, and users of this site log in
 * without it. The site's own database is the truth about its accounts; what the directory holds of
 * them is a copy.
 */
package io.postern.site.directory;
