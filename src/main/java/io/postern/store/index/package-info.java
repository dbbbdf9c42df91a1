/**
 * A node's cache of mailboxes: a packed index per mailbox, shared by all sessions of the node, so
 * that flags, UIDs, sizes, dates and sequence numbers need no row read per message.
 *
 * <p>Holds {@code MailboxIndex}, an immutable value; and {@code MailboxIndexes}, the node's bounded
 * cache of them, which applies the node's own writes to them. Imports {@code model}, {@code
 * model.message} and the store ports. Must not know an adapter, a protocol or a push.
 *
 * <p>Which mailbox has a name is read together with the mailbox; the node remembers it as a guess
 * of what to read, never as the answer.
 *
 * <p>Laws: the store is the source of truth and an index a cache of it; {@code current} returns
 * nothing older than its call; an index is at the bound that the store returned, never at the
 * highest mod-sequence seen; a change is applied only if no other can lie between; no caller keeps
 * an index beyond one turn of the event loop, so that evicting it frees its memory.
 */
package io.postern.store.index;
