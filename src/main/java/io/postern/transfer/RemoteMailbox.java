package io.postern.transfer;

import io.postern.transfer.archive.ArchivedMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Consumer;

/** A mailbox of a server, which messages are read from and added to. Each call blocks. */
public interface RemoteMailbox {
  /**
   * A message that it has.
   *
   * @param uid its UID
   * @param size octets
   * @param date its internal date
   * @param flags its flags and keywords
   */
  record Stored(long uid, long size, OffsetDateTime date, List<String> flags) {}

  /** Why the server does not take a message; others may still be taken. */
  final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    public Refused(String message) {
      super(message);
    }
  }

  /** Its messages by UID. */
  void list(Consumer<Stored> each) throws IOException;

  /** Writes the octets of a message. */
  void read(long uid, OutputStream to) throws IOException;

  /** Adds a message; fails with {@link Refused} if the server does not take it. */
  void add(ArchivedMessage message) throws IOException;
}
