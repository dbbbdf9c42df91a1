package io.postern.transfer.archive;

import java.io.Closeable;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * A message, and what is kept beside its octets.
 *
 * @param octets all its octets; closed with the message
 * @param flags of IMAP with their backslash, and keywords (RFC 3501 §2.3.2)
 * @param date when it was received, to the second
 */
public record ArchivedMessage(Spool octets, List<String> flags, OffsetDateTime date)
    implements Closeable {
  public ArchivedMessage {
    flags = List.copyOf(flags);
  }

  @Override
  public void close() throws IOException {
    octets.close();
  }
}
