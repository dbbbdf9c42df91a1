package io.postern.probe;

import java.io.IOException;

/** The server did not answer as expected. */
final class ProbeFailure extends IOException {
  private static final long serialVersionUID = 1L;

  ProbeFailure(String message) {
    super(message);
  }
}
