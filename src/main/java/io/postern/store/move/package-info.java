/**
 * Ports: what the move of an account to another site needs of the stores of both.
 *
 * <p>Holds {@code Departures}, the side that the account leaves; {@code Arrivals}, the side that it
 * goes to; {@code MoveJobs}, the records of moves; and what passes between them. Imports {@code
 * model}. Must not know SQL, a directory of homes, nor how the sites reach each other.
 *
 * <p>Laws: an account has one writer at most. It is fenced at the side that it leaves before the
 * last rows are read, and opened at the other side after its home was changed. A run of a move that
 * another has succeeded changes nothing any more, at either side: each call carries its attempt.
 * Every call may be repeated.
 */
package io.postern.store.move;
