/**
 * Cancellation of work whose client has gone: the token that the wire cancels and the store checks.
 *
 * <p>Imports no other room.
 *
 * <p>Laws: cancellation is a request. Cancelled work fails with {@link
 * java.util.concurrent.CancellationException} as soon as none of it runs any more, or completes
 * because it was past the point of return; in both cases its {@code Uni} terminates, so that the
 * end of the work is known.
 */
package io.postern.cancellation;
