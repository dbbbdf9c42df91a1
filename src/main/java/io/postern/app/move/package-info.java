/**
 * Moves of accounts in this process: the job that runs them, and the port for other sites' calls.
 *
 * <p>Holds {@code MoveJob} and {@code TransferPort}. Imports {@code config}, {@code site.move},
 * {@code site.transfer} and {@code wire.transport/BackEnd}. Must not know the steps of a move, nor
 * SQL.
 *
 * <p>Laws: with one site only it opens no port and runs nothing.
 */
package io.postern.app.move;
