package io.postern.mime.text;

import io.vertx.core.buffer.Buffer;

/** Looks for something in a run of stored octets. */
public interface Finder {
  /** Takes the next octets; once it was found, does nothing. */
  void feed(Buffer bytes);

  /** The run is over; called once. */
  void finish();

  /** Whether it was found; certain when true, and after {@link #finish}. */
  boolean found();
}
