package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.Eventually;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What SORT, THREAD and APPEND hold until they end counts for the node, and is given back. */
class HeldOctetsTest {
  private static final String SUBJECT = "Subject: " + "x".repeat(900) + "\r\n\r\n";
  private static final String FULL = "[LIMIT] The server holds too much for its clients now";

  private final MemoryTarget target = new MemoryTarget();

  // Set by connect(), before each test.
  @SuppressWarnings("NullAway.Init")
  private ClientConnection wire;

  @BeforeEach
  void connect() throws IOException {
    var account = target.account();
    wire = new ClientConnection(target.host(), target.imapPort());
    wire.answer(soon());
    ask("LOGIN " + account.name() + " " + account.password());
    var several = "APPEND INBOX" + " {%d+}\r\n%s".formatted(SUBJECT.length(), SUBJECT).repeat(40);
    assertThat(ask(several)).startsWith("a OK");
    ask("SELECT INBOX");
    givenBack();
  }

  @AfterEach
  void close() throws IOException {
    wire.close();
    target.close();
  }

  private static Instant soon() {
    return Instant.now().plusSeconds(60);
  }

  private String ask(String command) throws IOException {
    wire.send("a " + command + "\r\n");
    var next = "";
    while (!next.startsWith("a ")) {
      next = wire.answer(soon());
    }
    return next;
  }

  private void spend() {
    target.output().add(Long.MAX_VALUE / 2);
  }

  private void giveBack() {
    target.output().add(-Long.MAX_VALUE / 2);
    givenBack();
  }

  /** The last output counts until the socket has taken it. */
  private void givenBack() {
    Eventually.holds("all is given back", () -> target.output().used() == 0);
  }

  @Test
  void sortAndThreadOfManyAreRefusedWhileTheNodeIsFull() throws IOException {
    for (var command : new String[] {"SORT (SUBJECT)", "THREAD REFERENCES"}) {
      assertThat(ask(command + " UTF-8 ALL")).startsWith("a OK");
      spend();
      assertThat(ask(command + " UTF-8 ALL")).startsWith("a NO " + FULL);
      assertThat(ask(command + " UTF-8 1:5")).startsWith("a OK");
      giveBack();
      assertThat(ask(command + " UTF-8 ALL")).startsWith("a OK");
      givenBack();
    }
  }

  @Test
  void oneMessageIsAppendedAndSeveralLargeOnesAreRefusedWhileTheNodeIsFull() throws IOException {
    var large = "Subject: a\r\n\r\n" + "x".repeat(20_000) + "\r\n";
    var message = " {%d+}\r\n%s".formatted(large.length(), large);
    assertThat(ask("APPEND INBOX" + message.repeat(2))).startsWith("a OK");
    spend();
    assertThat(ask("APPEND INBOX" + message)).startsWith("a OK");
    assertThat(ask("APPEND INBOX" + message.repeat(2))).startsWith("a NO " + FULL);
    giveBack();
    assertThat(ask("APPEND INBOX" + message.repeat(2))).startsWith("a OK");
    givenBack();
  }

  /** Whatever becomes of the command that the octets came for. */
  @Test
  void octetsOfACommandThatIsRefusedAreGivenBack() throws IOException {
    assertThat(ask("APPEND INBOX {4+}\r\na\r\nb nonsense")).startsWith("a BAD");
    assertThat(ask("APPEND INBOX {4+}\r\na\r\nb {0+}\r\n")).startsWith("a NO");
    assertThat(ask("APPEND Nowhere {4+}\r\na\r\nb")).startsWith("a NO [TRYCREATE]");
    ask("NOOP");
    givenBack();
  }
}
