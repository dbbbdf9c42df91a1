package io.postern.transfer.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a Maildir: the files of {@code cur} and {@code new}, in the order of their names. */
public final class MaildirReader implements MessageReader {
  private static final Pattern ZONE = Pattern.compile(",Z=(-?\\d{1,4})(?=[,:]|$)");
  private static final String INFO = ":2,";

  private final List<Path> files = new ArrayList<>();
  private final MaildirKeywords keywords;
  private int at;

  /**
   * @throws IOException also when it has neither {@code cur} nor {@code new}
   */
  public MaildirReader(Path directory) throws IOException {
    keywords = new MaildirKeywords(directory);
    boolean found = false;
    for (var part : List.of("cur", "new")) {
      var of = directory.resolve(part);
      if (Files.isDirectory(of)) {
        found = true;
        try (var all = Files.list(of)) {
          all.filter(file -> !file.getFileName().toString().startsWith(".")).forEach(files::add);
        }
      }
    }
    if (!found) {
      throw new IOException(directory + " is no Maildir: it has neither cur nor new");
    }
    files.sort(Comparator.comparing(file -> file.getFileName().toString()));
  }

  @Override
  public Optional<ArchivedMessage> next() throws IOException {
    return at == files.size() ? Optional.empty() : Optional.of(message(files.get(at++)));
  }

  private ArchivedMessage message(Path file) throws IOException {
    var name = file.getFileName().toString();
    var date = Files.getLastModifiedTime(file).toInstant().atOffset(ZoneOffset.UTC).withNano(0);
    var spool = new Spool();
    try (var in = Files.newInputStream(file)) {
      in.transferTo(spool);
      spool.finish();
    } catch (IOException e) {
      spool.close();
      throw e;
    }
    var octets = name.contains(MaildirWriter.OURS) ? spool : spool.withCrlf();
    return new ArchivedMessage(octets, flags(name), zoned(date, name));
  }

  private static OffsetDateTime zoned(OffsetDateTime date, String name) {
    var zone = ZONE.matcher(name);
    if (!zone.find()) {
      return date;
    }
    try {
      return date.withOffsetSameInstant(
          ZoneOffset.ofTotalSeconds(Integer.parseInt(zone.group(1)) * 60));
    } catch (DateTimeException _) {
      // It is no zone: another program has named the file.
      return date;
    }
  }

  private List<String> flags(String name) {
    int info = name.lastIndexOf(INFO);
    var flags = new ArrayList<String>();
    for (int i = info < 0 ? name.length() : info + INFO.length(); i < name.length(); i++) {
      char letter = name.charAt(i);
      if (letter == 'P') {
        // Passed: resent, forwarded or bounced.
        flags.add("$Forwarded");
      }
      MaildirWriter.LETTERS.entrySet().stream()
          .filter(entry -> entry.getValue() == letter)
          .map(Map.Entry::getKey)
          .forEach(flags::add);
      keywords.name(letter).ifPresent(flags::add);
    }
    return flags;
  }

  @Override
  public double fraction() {
    return files.isEmpty() ? 1 : (double) at / files.size();
  }

  @Override
  public void close() {}
}
