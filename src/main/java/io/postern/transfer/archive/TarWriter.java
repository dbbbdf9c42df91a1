package io.postern.transfer.archive;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes a tar with a file {@code UID.eml} for each message. Its date is the time of the file;
 * flags, and the date with its zone, are records of pax ({@link #FLAGS}, {@link #DATE}).
 */
public final class TarWriter implements MessageWriter {
  /** The flags, separated by spaces. */
  static final String FLAGS = "POSTERN.flags";

  /** The date with its zone. */
  static final String DATE = "POSTERN.date";

  private final TarArchiveOutputStream tar;

  public TarWriter(OutputStream out) {
    tar =
        new TarArchiveOutputStream(
            new BufferedOutputStream(out, 1 << 16), StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
  }

  @Override
  public void write(long uid, ArchivedMessage message) throws IOException {
    var entry = new TarArchiveEntry("%010d.eml".formatted(uid));
    entry.setSize(message.octets().size());
    entry.setMode(0600);
    entry.setLastModifiedTime(FileTime.from(message.date().toInstant()));
    entry.addPaxHeader(DATE, message.date().toString());
    if (!message.flags().isEmpty()) {
      entry.addPaxHeader(FLAGS, String.join(" ", message.flags()));
    }
    tar.putArchiveEntry(entry);
    try (var in = message.octets().open()) {
      in.transferTo(tar);
    }
    tar.closeArchiveEntry();
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }
}
