package io.postern.wire.door;

import io.postern.wire.door.Doorman.Answer;
import io.postern.wire.door.Doorman.Visitor;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** What one connection is to the doorman. On the connection's context. */
public final class Visit {
  private final Doorman doorman;
  private final Visitor visitor;
  private boolean begun;
  private boolean ended;

  public Visit(Doorman doorman, Visitor visitor) {
    this.doorman = doorman;
    this.visitor = visitor;
  }

  /** Asks to be let in. */
  public Uni<Answer> begin() {
    begun = true;
    return doorman.arrived(visitor);
  }

  /** Tells of work; how long the next command has to wait, zero for not at all. */
  public Duration worked(Duration work) {
    return ended ? Duration.ZERO : doorman.worked(visitor, work);
  }

  /** Takes leave, once, of a doorman who was asked. */
  public void end() {
    if (begun && !ended) {
      ended = true;
      doorman.left(visitor);
    }
  }
}
