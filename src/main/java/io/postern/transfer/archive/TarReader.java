package io.postern.transfer.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Reads a tar whose regular files are messages, in their order. Without the records of {@link
 * TarWriter} a message has no flags, and the time of its file as its date.
 */
public final class TarReader implements MessageReader {
  private final CountedInput counted;
  private final TarArchiveInputStream tar;

  /**
   * @param in the file; closed with the reader
   * @param length octets of the file
   */
  public TarReader(InputStream in, long length) {
    counted = new CountedInput(in, length);
    tar = new TarArchiveInputStream(counted, StandardCharsets.UTF_8.name());
  }

  @Override
  public Optional<ArchivedMessage> next() throws IOException {
    var entry = tar.getNextEntry();
    while (entry != null && !entry.isFile()) {
      entry = tar.getNextEntry();
    }
    return entry == null ? Optional.empty() : Optional.of(message(entry));
  }

  private ArchivedMessage message(TarArchiveEntry entry) throws IOException {
    var flags = entry.getExtraPaxHeader(TarWriter.FLAGS);
    var date = date(entry);
    var spool = new Spool();
    try {
      tar.transferTo(spool);
      spool.finish();
    } catch (IOException e) {
      spool.close();
      throw e;
    }
    boolean ours = entry.getExtraPaxHeader(TarWriter.DATE) != null;
    return new ArchivedMessage(
        ours ? spool : spool.withCrlf(),
        flags == null ? List.of() : List.of(flags.split(" ", -1)),
        date);
  }

  private static OffsetDateTime date(TarArchiveEntry entry) throws IOException {
    var given = entry.getExtraPaxHeader(TarWriter.DATE);
    if (given == null) {
      return entry.getLastModifiedTime().toInstant().atOffset(ZoneOffset.UTC).withNano(0);
    }
    try {
      return OffsetDateTime.parse(given);
    } catch (DateTimeParseException e) {
      throw new IOException("the date of " + entry.getName() + " can't be read", e);
    }
  }

  @Override
  public double fraction() {
    return counted.fraction();
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }
}
