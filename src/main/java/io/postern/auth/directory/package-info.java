/**
 * Passwords of an LDAP directory, also Active Directory: finds the entry of a user, and binds with
 * its name and password.
 *
 * <p>Holds {@code LdapDirectory}, the connections that it uses ({@code LdapConnections}), the
 * settings that these depend on ({@code LdapTerms}), and what it remembers for seconds ({@code
 * RecentEntries}). Imports {@code config}, {@code auth} (the port), {@code auth.password}
 * (threads), {@code store} (failures) and UnboundID's SDK. Must not know a protocol, nor the
 * accounts.
 *
 * <p>Laws: the SDK blocks, so it runs on threads of its own, never on an event loop; only a bind
 * that the directory refuses is a wrong password, all else is {@code [UNAVAILABLE]}; a password is
 * never empty, in no filter and in no text.
 *
 * <p>RFC 4511, RFC 4513 (§5.1.2: a bind without a password proves nothing), RFC 4515 (filters).
 */
package io.postern.auth.directory;
