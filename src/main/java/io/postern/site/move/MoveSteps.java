package io.postern.site.move;

import io.smallrye.mutiny.Uni;

/** Is notified before each step of a move. */
@FunctionalInterface
public interface MoveSteps {
  /** The steps, in their order. */
  enum Step {
    BEGIN,
    COPY,
    RECORD_FREEZE,
    FREEZE,
    LAST_ROUND,
    OTHER_ROWS,
    VERIFY,
    COMPLETE,
    RECORD_SWITCH,
    SWITCH,
    RECORD_OPEN,
    OPEN,
    LEAVE,
    RECORD_KICK,
    KICK,
    KEEP
  }

  /** Completes when the step may begin. */
  Uni<Void> before(Step step);

  /** Every step may begin. */
  MoveSteps ALL = _ -> Uni.createFrom().voidItem();
}
