/**
 * What a node remembers of mailboxes: a packed index per mailbox, shared by all sessions of the
 * node, so that flags, UIDs, sizes, dates and sequence numbers are answered without a row read per
 * message.
 *
 * <p>Holds {@code MailboxIndex}, an immutable value; {@code MailboxIndexes}, the node's bounded
 * memory of them; and {@code IndexUpdatingMessages}, which feeds a node's own writes to it. Imports
 * {@code model} and the store ports. Must not know an adapter, a protocol or a push.
 *
 * <p>Laws: the store is the truth and an index a cache of it; {@code current} answers nothing older
 * than the moment it was called; an index stands at the bound the store told, never at the highest
 * mod-sequence seen; a change is applied only where no other can be between; nobody keeps an index
 * from one turn to the next, so that evicting it frees its memory.
 */
package io.postern.store.index;
