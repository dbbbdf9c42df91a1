package io.postern.admission;

import io.postern.admission.AdmissionControl.Decision;
import io.postern.admission.AdmissionControl.Peer;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** The state of one connection under {@link AdmissionControl}. On the connection's context. */
public final class Admission {
  private final AdmissionControl admissionControl;
  private Peer peer;
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

  /** Asks for the admission of the client whose connection another site passes on. */
  public Uni<Decision> takeOver(Peer client) {
    peer = client;
    return begin();
  }

  /** Charges work; returns the delay before the next command, zero for none. */
  public Duration charge(Duration work) {
    return ended || !begun ? Duration.ZERO : admissionControl.charge(peer, work);
  }

  /** Reports that the connection is passed on to the user's site. */
  public void passedOn() {
    if (begun && !ended) {
      admissionControl.passedOn(peer);
    }
  }

  /** Reports that the user has left and the connection stays. */
  public void userLeft() {
    if (begun && !ended) {
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
