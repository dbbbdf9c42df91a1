/**
 * A node's cache of contents outside the heap: the facts and the bytes of messages, bounded in
 * octets, filled when a message is delivered on this node and when one is first read; and of what
 * SEARCH keeps of them, in pages by their ids.
 *
 * <p>Holds {@code ContentCache} and the decorators of the store's reads that use it, {@code
 * CachingMessages} and {@code CachingBlobs}. Imports {@code model}, {@code model.message}, {@code
 * mime}, {@code mime.search} and the store ports. Must not know an adapter, a protocol or a push.
 *
 * <p>Laws: what is cached is immutable and its key is never used again, so no entry can be stale
 * and none has to be invalidated; a read copies what it returns, and returns nothing if the entry
 * was evicted while it was copied, so memory can be used again at once; what is not cached is read
 * from the store, whose failures are those of the decorated port. No lock: all threads share the
 * cache.
 */
package io.postern.store.content;
