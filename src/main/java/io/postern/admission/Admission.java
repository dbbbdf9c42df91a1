package io.postern.admission;

import io.postern.admission.AdmissionControl.Decision;
import io.postern.admission.AdmissionControl.Peer;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** What one connection is to the doorman. On the connection's context. */
public final class Admission {
  private final AdmissionControl admissionControl;
  private final Peer peer;
  private boolean begun;
  private boolean ended;

  public Admission(AdmissionControl admissionControl, Peer peer) {
    this.admissionControl = admissionControl;
    this.peer = peer;
  }

  /** Asks to be let in. */
  public Uni<Decision> begin() {
    begun = true;
    return admissionControl.arrived(peer);
  }

  /** Tells of work; how long the next command has to wait, zero for not at all. */
  public Duration worked(Duration work) {
    return ended ? Duration.ZERO : admissionControl.worked(peer, work);
  }

  /** Takes leave, once, of a doorman who was asked. */
  public void end() {
    if (begun && !ended) {
      ended = true;
      admissionControl.left(peer);
    }
  }
}
