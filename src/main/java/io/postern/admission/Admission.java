package io.postern.admission;

import io.postern.admission.AdmissionControl.Decision;
import io.postern.admission.AdmissionControl.Peer;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** The state of one connection under {@link AdmissionControl}. On the connection's context. */
public final class Admission {
  private final AdmissionControl admissionControl;
  private final Peer peer;
  private boolean begun;
  private boolean ended;

  public Admission(AdmissionControl admissionControl, Peer peer) {
    this.admissionControl = admissionControl;
    this.peer = peer;
  }

  /** Asks for admission. */
  public Uni<Decision> begin() {
    begun = true;
    return admissionControl.admit(peer);
  }

  /** Charges work; returns the delay before the next command, zero for none. */
  public Duration charge(Duration work) {
    return ended ? Duration.ZERO : admissionControl.charge(peer, work);
  }

  /** Reports that the user has left and the connection stays. */
  public void userLeft() {
    if (!ended) {
      admissionControl.userLeft(peer);
    }
  }

  /** Reports the end of the connection, once, if admission was requested. */
  public void end() {
    if (begun && !ended) {
      ended = true;
      admissionControl.release(peer);
    }
  }
}
