package io.postern.transfer.archive;

import java.io.Closeable;
import java.io.IOException;

/** Writes messages to an archive; {@link #close} completes it. */
public interface MessageWriter extends Closeable {
  /**
   * Whether the archive has this message from an earlier run that was interrupted.
   *
   * @param uid its UID, which orders the messages
   */
  default boolean has(long uid) {
    return false;
  }

  /** Appends a message; UIDs ascend. */
  void write(long uid, ArchivedMessage message) throws IOException;
}
