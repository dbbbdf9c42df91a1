package io.postern.store.move;

import io.postern.model.Ids.AccountId;
import java.util.UUID;

/**
 * Identifies a run of a move.
 *
 * @param move the move
 * @param attempt which run of it, from 1
 * @param account that moves
 */
public record Ticket(UUID move, int attempt, AccountId account) {}
