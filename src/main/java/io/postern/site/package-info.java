/**
 * Sites: a client may connect to any site, and its connection is passed on to the site that stores
 * its mailbox.
 *
 * <p>Holds the interfaces and values that the protocols, the directory and the hop share: {@code
 * Sites}, {@code HomeDirectory}, {@code MailDelivery}, {@code SiteMeter}; and the fields by which a
 * front end tells of its client, {@code HandOverFields}. Imports {@code model}, {@code wire},
 * {@code auth} and {@code store.account}. Must not know SQL or a socket.
 *
 * <p>Laws: with one site only nothing of this is called. The front end decides who a user is, the
 * home site what the user may do. A connection that was passed on is not passed on again. What the
 * directory says is checked by the home, so that a late answer does no harm.
 */
package io.postern.site;
