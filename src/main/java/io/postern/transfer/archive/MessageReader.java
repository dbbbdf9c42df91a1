package io.postern.transfer.archive;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Reads the messages of an archive, one after the other. */
public interface MessageReader extends Closeable {
  /**
   * The next message, which the caller closes; empty at the end.
   *
   * @throws IOException also when the archive is malformed, with where
   */
  Optional<ArchivedMessage> next() throws IOException;

  /** How much of the archive was read, 0 to 1. */
  double fraction();
}
