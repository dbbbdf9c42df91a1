package io.postern.admin.settingspage;

/** A request that gets no document: its status and the reason, which the client is shown. */
final class RefusedRequest extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  /**
   * @param status 400 to 499 (RFC 9110 §15.5)
   * @param detail one sentence, in English
   */
  RefusedRequest(int status, String detail) {
    // Expected, so its stack is of no use.
    super(detail, null, false, false);
    this.status = status;
  }

  int status() {
    return status;
  }

  /** The reason. */
  String detail() {
    return String.valueOf(getMessage());
  }
}
