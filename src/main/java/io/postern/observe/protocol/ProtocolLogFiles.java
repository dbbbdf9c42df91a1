package io.postern.observe.protocol;

import io.postern.config.area.ProtocolLogSettings;
import io.postern.config.area.ProtocolLogSettings.RollOver;
import io.postern.model.MailProtocol;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files of one protocol's log, named as Exchange names them: {@code IMAP42026113016-1.LOG} for
 * the hour 16 of 30 November 2026, in UTC. Each file belongs to one process, which creates it:
 * after a start, or beside another replica, the number behind the hyphen grows. Confined to one
 * thread.
 */
final class ProtocolLogFiles implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ProtocolLogFiles.class.getName());
  private static final Pattern NAME = Pattern.compile("(IMAP4|POP3)\\d{6,10}-\\d{1,9}\\.LOG");

  /** The numbers of one period that are tried before writing is given up. */
  private static final int MAX_NUMBER = 100_000;

  /** An open file. */
  private record Open(
      Path path, BufferedWriter writer, String period, ProtocolLogSettings.Format format) {}

  private record Old(Path path, Instant modified, long octets) {}

  private final MailProtocol protocol;
  private Optional<Open> open = Optional.empty();
  private long octets;

  /**
   * Of all entries: threads may add theirs in another order, and no period begins twice for that.
   */
  private Instant latest = Instant.MIN;

  ProtocolLogFiles(MailProtocol protocol) {
    this.protocol = protocol;
  }

  /** How the names of files begin. */
  static String prefix(MailProtocol protocol) {
    return protocol == MailProtocol.IMAP ? "IMAP4" : protocol.name().toUpperCase(Locale.ROOT);
  }

  /**
   * Appends an entry, in a new file if its period, size, format or place requires one.
   *
   * @param settings in force
   * @throws IOException if it cannot be written; the file is closed
   */
  void write(ProtocolLogEntry entry, ProtocolLogSettings settings) throws IOException {
    try {
      var directory = Path.of(settings.logFileLocation().orElseThrow());
      var lines = ProtocolLogFormat.lines(settings.logFormat(), entry);
      latest = entry.time().isAfter(latest) ? entry.time() : latest;
      var period = period(settings, latest);
      if (open.filter(it -> fits(it, directory, period, settings, lines)).isEmpty()) {
        roll(directory, period, settings, latest);
      }
      append(lines);
    } catch (IOException e) {
      abandon(e);
      throw e;
    }
  }

  private boolean fits(
      Open file, Path directory, String period, ProtocolLogSettings settings, String lines) {
    return directory.equals(file.path.getParent())
        && file.period.equals(period)
        && file.format == settings.logFormat()
        && octets + length(lines) <= settings.perFileOctets();
  }

  private void append(String lines) throws IOException {
    open.orElseThrow().writer.write(lines);
    octets += length(lines);
  }

  private static long length(String lines) {
    // What is logged of a command is ISO 8859-1; most of it is ASCII.
    return lines.chars().filter(c -> c >= 0x80).count() + lines.length();
  }

  /** The period of a file: of the roll-over, or with a quota the day on which it was begun. */
  private String period(ProtocolLogSettings settings, Instant now) {
    var date = now.atOffset(ZoneOffset.UTC);
    if (!settings.rollsByTime()) {
      return open.map(Open::period).orElseGet(() -> text(date.toInstant(), "yyyyMMdd"));
    }
    return switch (settings.logFileRollOverSettings()) {
      case RollOver.HOURLY -> text(now, "yyyyMMddHH");
      case RollOver.DAILY -> text(now, "yyyyMMdd");
      case RollOver.WEEKLY ->
          text(
              date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).toInstant(),
              "yyyyMMdd");
      case RollOver.MONTHLY -> text(now, "yyyyMM");
    };
  }

  private static String text(Instant time, String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC).format(time);
  }

  private void roll(Path directory, String period, ProtocolLogSettings settings, Instant now)
      throws IOException {
    close();
    var day = settings.rollsByTime() ? period : text(now, "yyyyMMdd");
    Files.createDirectories(directory);
    tidy(directory, settings, now);
    for (int number = 1; number <= MAX_NUMBER; number++) {
      var path = directory.resolve(prefix(protocol) + day + "-" + number + ".LOG");
      try {
        var writer =
            Files.newBufferedWriter(
                path,
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE);
        open = Optional.of(new Open(path, writer, day, settings.logFormat()));
        octets = 0;
        append(ProtocolLogFormat.head(settings.logFormat(), protocol, now));
        return;
      } catch (FileAlreadyExistsException _) {
        // Of an earlier start, of another replica, or full.
      }
    }
    throw new IOException(directory + " has " + MAX_NUMBER + " files of " + day);
  }

  /** Writes what is buffered. */
  void flush() throws IOException {
    if (open.isPresent()) {
      try {
        open.get().writer.flush();
      } catch (IOException e) {
        abandon(e);
        throw e;
      }
    }
  }

  /** Deletes files beyond the age and size quotas, the oldest first; not the open one. */
  void tidy(ProtocolLogSettings settings, Instant now) throws IOException {
    var directory = settings.logFileLocation().map(Path::of);
    if (directory.isPresent() && Files.isDirectory(directory.get())) {
      tidy(directory.get(), settings, now);
    }
  }

  private void tidy(Path directory, ProtocolLogSettings settings, Instant now) throws IOException {
    var files = old(directory);
    long left = files.stream().mapToLong(Old::octets).sum() + (open.isPresent() ? octets : 0);
    var oldest = now.minus(settings.logAgeQuota());
    for (var file : files) {
      if (file.modified.isBefore(oldest) || left > settings.logSizeQuota().asLongValue()) {
        Files.deleteIfExists(file.path);
        left -= file.octets;
        LOG.log(Level.DEBUG, "{0} is deleted: it is beyond the quota of age or size", file.path);
      }
    }
  }

  /** The files of this protocol but the open one, the oldest first. */
  private List<Old> old(Path directory) throws IOException {
    var files = new ArrayList<Old>();
    try (var entries = Files.newDirectoryStream(directory, prefix(protocol) + "*.LOG")) {
      for (var path : entries) {
        boolean ours = NAME.matcher(path.getFileName().toString()).matches();
        if (ours && open.filter(it -> it.path.equals(path)).isEmpty()) {
          var attributes = Files.readAttributes(path, BasicFileAttributes.class);
          files.add(new Old(path, attributes.lastModifiedTime().toInstant(), attributes.size()));
        }
      }
    }
    files.sort(Comparator.comparing(Old::modified).thenComparing(Old::path));
    return files;
  }

  /** Gives the open file up after a failure; another one is created for the next entry. */
  private void abandon(IOException why) {
    try {
      close();
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  @Override
  public void close() throws IOException {
    var file = open;
    open = Optional.empty();
    if (file.isPresent()) {
      file.get().writer.close();
    }
  }
}
