package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.store.Blobs;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Line ends and NUL where a stored message is cut into chunks. */
class LargeOctetsTest {
  private static final String HEADER = "Subject: large\r\n\r\n";
  private static Target target = new ForeignTarget("127.0.0.1:0");

  @BeforeAll
  static void start() {
    target = new MemoryTarget();
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  /** A message of four chunks with these octets at each border between two, half on each side. */
  private static String message(String... borders) {
    var message = new StringBuilder(HEADER);
    for (int i = 0; i < borders.length; i++) {
      int half = borders[i].length() / 2;
      message.append("x".repeat((i + 1) * Blobs.CHUNK - half - message.length()));
      message.append(borders[i]);
    }
    return message.append("end").toString();
  }

  private static ClientConnection filled(Target.Login login, String message) throws IOException {
    var wire = new ClientConnection(target.host(), target.imapPort());
    answered(wire, "* ");
    wire.send("a LOGIN " + login.name() + " " + login.password() + "\r\n");
    answered(wire, "a ");
    wire.send("b APPEND INBOX {" + message.length() + "+}\r\n" + message + "\r\n");
    assertThat(answered(wire, "b ")).startsWith("b OK");
    return wire;
  }

  private static String answered(ClientConnection wire, String tag) throws IOException {
    var answer = wire.answer(Instant.now().plus(ScriptReader.PATIENCE));
    while (!answer.startsWith(tag)) {
      answer = wire.answer(Instant.now().plus(ScriptReader.PATIENCE));
    }
    return answer;
  }

  private static void retrieves(Target.Login login, String octets, String sent) throws IOException {
    try (var wire = Pop3Client.reopened(target, login)) {
      assertThat(Pop3Client.say(wire, "STAT")).isEqualTo("+OK 1 " + octets.length());
      wire.send("RETR 1\r\nQUIT\r\n");
      assertThat(wire.rest())
          .startsWith("+OK " + octets.length() + " octets\r\n" + sent + ".\r\n+OK ");
    }
  }

  @Test
  void aLineEndThatIsCutIsOneLineEnd() throws IOException {
    var login = target.account();
    var message = message("\r\n", "\n.", "\r\r\n.", "..\n.");
    filled(login, message).close();
    var lines = message("\r\n", "\n.", "\r\r\n.", "..\n.").replace("\r\n", "\n");
    var octets = lines.replace("\n", "\r\n") + "\r\n";
    retrieves(login, octets, octets.replace("\n.", "\n.."));
  }

  @Test
  void nulOnBothSidesOfABorderIsShown() throws IOException {
    var login = target.account();
    var message = message("\0\0", "\0x", "x\0", "\r\n\0\n");
    var shown = message.replace('\0', '\u0080');
    try (var wire = filled(login, message)) {
      wire.send("c EXAMINE INBOX\r\nd FETCH 1 (RFC822.SIZE BODY.PEEK[])\r\n");
      answered(wire, "c ");
      assertThat(answered(wire, "* 1 FETCH"))
          .contains("RFC822.SIZE " + message.length())
          .endsWith("{" + message.length() + "}\r\n" + shown + ")");
    }
    var octets = shown.replace("\r\n", "\n").replace("\n", "\r\n") + "\r\n";
    retrieves(login, octets, octets);
  }
}
