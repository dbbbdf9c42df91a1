package io.postern.sessions;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The messages that stories begin with. Message n of an INBOX has the internal date n January 2024,
 * noon, UTC.
 */
final class Mail {
  private final Path folder;

  Mail(Path folder) {
    this.folder = folder;
  }

  /** Gives a fresh account the mailboxes and messages of the script, over IMAP. */
  void fill(Target target, Target.Login login, Script script) throws IOException {
    if (script.mailboxes().isEmpty() && script.messages().isEmpty()) {
      return;
    }
    try (var wire = new ScriptClient(new Script.Client("-", 1, "imap"), target, login)) {
      wire.answer(java.time.Instant.now().plus(ScriptReader.PATIENCE));
      done(wire.command("f", "LOGIN \"" + login.name() + "\" \"" + login.password() + "\""));
      for (var mailbox : script.mailboxes()) {
        done(wire.command("f", "CREATE \"" + mailbox + "\""));
      }
      var messages = texts(script.messages());
      for (var n = 0; n < messages.size(); n++) {
        done(wire.command("f", append(n + 1, messages.get(n))));
      }
      done(wire.command("f", "LOGOUT"));
    }
  }

  private static String append(int number, String text) {
    return "APPEND INBOX \"%02d-Jan-2024 12:00:00 +0000\" {%d+}\r\n%s"
        .formatted(number, text.length(), text);
  }

  private static void done(String answer) {
    if (!answer.startsWith("f OK")) {
      throw new AssertionError("the account cannot be prepared: " + answer);
    }
  }

  private List<String> texts(List<String> messages) {
    return messages.stream()
        .flatMap(
            name ->
                name.chars().allMatch(Character::isDigit)
                    ? IntStream.rangeClosed(1, Integer.parseInt(name)).mapToObj(Mail::plain)
                    : java.util.stream.Stream.of(file(name)))
        .toList();
  }

  /** A small message: From, To, Subject, Date, Message-ID and a body that name its number. */
  static String plain(int number) {
    return """
    From: Sender %1$d <sender%1$d@example.test>
    To: reader@example.test
    Subject: Message %1$d
    Date: %1$d Jan 2024 12:00:00 +0000
    Message-ID: <%1$d@example.test>

    This is message %1$d.
    """
        .formatted(number)
        .replace("\n", "\r\n");
  }

  /** A file of {@code src/test/sessions/mail}, its line ends made CRLF. */
  String file(String name) {
    try {
      return Files.readString(folder.resolve(name), ISO_8859_1)
          .replace("\r\n", "\n")
          .replace("\n", "\r\n");
    } catch (IOException e) {
      throw new IllegalArgumentException("no message " + name, e);
    }
  }
}
