/**
 * The mailboxes of others, as one account sees them among its own: decorators of the ports of the
 * store that know the names below {@code Other Users} and the rights of RFC 4314 §4.
 *
 * <p>Imports {@code model}, {@code store}, {@code store.account.AccessLists} and the index. Must
 * not know an adapter or a protocol.
 *
 * <p>Laws: a call about an own mailbox costs nothing more. A change of another's mailbox reads the
 * rights before it, so that it is refused however long ago the mailbox was opened. Messages get
 * from one account into another with their octets where they are: accounts share them.
 */
package io.postern.store.sharing;
