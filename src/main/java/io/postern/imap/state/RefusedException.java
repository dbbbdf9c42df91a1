package io.postern.imap.state;

/** A command, or a part of it, can't be carried out: it ends with this outcome. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Outcome.No outcome;

  public RefusedException(Outcome.No outcome) {
    super(outcome.text(), null, false, false);
    this.outcome = outcome;
  }

  /** The outcome of the command. */
  public Outcome.No outcome() {
    return outcome;
  }
}
