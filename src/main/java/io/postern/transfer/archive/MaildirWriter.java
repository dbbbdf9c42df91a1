package io.postern.transfer.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes a Maildir: a file for each message, whose time is the message's date and whose name has
 * its flags. An interrupted run can be repeated: a message is written in {@code tmp} and moved when
 * it is whole, and its name holds its UID.
 */
public final class MaildirWriter implements MessageWriter {
  /** Letters of names, in their order. */
  static final Map<String, Character> LETTERS =
      Map.of("\\Draft", 'D', "\\Flagged", 'F', "\\Answered", 'R', "\\Seen", 'S', "\\Deleted", 'T');

  /** Before the minutes east of UTC of a message's date, which the time of a file does not have. */
  static final String ZONE = ",Z=";

  /** In the names of files with octets as they were stored; other programs end lines with LF. */
  static final String OURS = ".postern,";

  private final Path directory;
  private final long uidValidity;
  private final MaildirKeywords keywords;
  private final Set<String> written = new HashSet<>();

  /**
   * @param directory made if it does not exist
   * @param uidValidity of the UIDs of the messages
   */
  public MaildirWriter(Path directory, long uidValidity) throws IOException {
    this.directory = directory;
    this.uidValidity = uidValidity;
    for (var part : new String[] {"tmp", "new", "cur"}) {
      Files.createDirectories(directory.resolve(part));
    }
    keywords = new MaildirKeywords(directory);
    try (var files = Files.list(directory.resolve("cur"))) {
      files.forEach(file -> written.add(unique(file.getFileName().toString())));
    }
  }

  /** The part of a name that identifies the message. */
  private static String unique(String name) {
    int comma = name.indexOf(',');
    return comma < 0 ? name : name.substring(0, comma);
  }

  private String name(long uid) {
    return "%010d.M%010d.postern".formatted(uidValidity, uid);
  }

  @Override
  public boolean has(long uid) {
    return written.contains(name(uid));
  }

  @Override
  public void write(long uid, ArchivedMessage message) throws IOException {
    var file = directory.resolve("tmp").resolve(name(uid));
    try (var in = message.octets().open()) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.setLastModifiedTime(file, FileTime.from(message.date().toInstant()));
    int zone = message.date().getOffset().getTotalSeconds() / 60;
    var name = name(uid) + ",S=" + message.octets().size() + ZONE + zone + ":2," + letters(message);
    Files.move(file, directory.resolve("cur").resolve(name), StandardCopyOption.ATOMIC_MOVE);
    written.add(name(uid));
  }

  /** In ASCII order, as the format has it. */
  private String letters(ArchivedMessage message) throws IOException {
    var letters = new TreeSet<Character>();
    for (var flag : message.flags()) {
      if (flag.startsWith("\\")) {
        letters.add(LETTERS.getOrDefault(flag, 'S'));
      } else {
        letters.add(keywords.letter(flag));
      }
    }
    var text = new StringBuilder();
    letters.forEach(text::append);
    return text.toString();
  }

  @Override
  public void close() {}
}
