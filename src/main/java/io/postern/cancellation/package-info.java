/**
 * Cancellation of work whose client has gone: the token that the wire cancels and the store asks.
 *
 * <p>Imports no other room.
 *
 * <p>Laws: cancellation is a request. Work that is asked to end fails with {@link
 * java.util.concurrent.CancellationException} as soon as nothing of it runs any more, or completes
 * because it was past the point of return; in both cases its {@code Uni} terminates, so that it is
 * known when the work has ended.
 */
package io.postern.cancellation;
