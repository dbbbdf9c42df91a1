package io.postern.transfer.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The keywords of a Maildir: names of messages have a letter for each, {@code a} to {@code z}, and
 * the file {@code dovecot-keywords} names them, as in Dovecot.
 */
final class MaildirKeywords {
  private static final String FILE = "dovecot-keywords";
  private static final int MOST = 26;

  private final Path file;
  private final List<String> names;

  MaildirKeywords(Path directory) throws IOException {
    file = directory.resolve(FILE);
    names = new ArrayList<>();
    if (Files.exists(file)) {
      for (var line : Files.readAllLines(file)) {
        int space = line.indexOf(' ');
        if (space > 0 && line.substring(0, space).matches("\\d{1,2}")) {
          put(Integer.parseInt(line.substring(0, space)), line.substring(space + 1));
        }
      }
    }
  }

  private void put(int number, String name) {
    while (number < MOST && names.size() <= number) {
      names.add("");
    }
    if (number < MOST) {
      names.set(number, name);
    }
  }

  /** The keyword of a letter. */
  Optional<String> name(char letter) {
    int number = letter - 'a';
    return number >= 0 && number < names.size()
        ? Optional.of(names.get(number)).filter(name -> !name.isEmpty())
        : Optional.empty();
  }

  /**
   * The letter of a keyword, which is added to the file if it is new.
   *
   * @throws IOException also when there are no more letters
   */
  char letter(String keyword) throws IOException {
    int known = names.indexOf(keyword);
    if (known < 0) {
      if (names.size() == MOST) {
        throw new IOException(
            "a Maildir has " + MOST + " keywords at most; tar and mbox have more");
      }
      known = names.size();
      names.add(keyword);
      var text = new StringBuilder();
      for (int i = 0; i < names.size(); i++) {
        text.append(i).append(' ').append(names.get(i)).append('\n');
      }
      Files.writeString(file, text, StandardCharsets.UTF_8);
    }
    return (char) ('a' + known);
  }
}
