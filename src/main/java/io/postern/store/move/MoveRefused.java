package io.postern.store.move;

/** A move cannot be begun, or not be continued as it is; trying again does not help. */
public final class MoveRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason text for administrators
   */
  public MoveRefused(String reason) {
    super(reason, null, false, false);
  }
}
