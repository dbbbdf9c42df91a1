/**
 * Makes what SEARCH keeps of contents, in the background: after a delivery, or after a search that
 * found none.
 *
 * <p>Holds the bounded queue of contents to index and what empties it. A content has one row, which
 * goes when the content goes: it is written once, with those that were delivered in the same
 * second, so that a delivery costs no transaction more; and COPY and MOVE need no second one, as
 * they would if rows were kept by mailbox. In memory they lie together, by their ids, in the cache
 * of {@code store.content}. Imports {@code model}, {@code mime}, the store ports and {@code
 * store.content}. Must not know an adapter, a protocol or a push.
 *
 * <p>Laws: no delivery and no search waits for an indexed text or fails for want of one; what is
 * not indexed is scanned. Of each second at most one third is spent on indexing. A content whose
 * text exceeds {@code SearchIndexing.MAX_OCTETS} is indexed as unknown, and always scanned.
 */
package io.postern.store.search;
