/**
 * Moves of accounts to other sites while they are in use.
 *
 * <p>Holds {@code AccountMove}, the steps of one move; {@code MoveRunner}, which takes moves that
 * can go on; {@code MoveRequests}, which checks and records what administrators ask for; and {@code
 * MoveMeter}. Imports {@code model}, {@code store.move} and {@code site}. Must not know SQL, a
 * protocol, nor how the other site is reached.
 *
 * <p>Laws: the record of a move says which step comes next, and each step can be repeated; so a
 * move goes on after any crash, on any replica. The account is frozen before the last rows are
 * copied; the home changes only when both sides have the same digest, by one compare-and-set in the
 * directory; from the moment at which that is recorded as the next step, the account is not thawed
 * any more unless the directory shows that it was refused.
 */
package io.postern.site.move;
