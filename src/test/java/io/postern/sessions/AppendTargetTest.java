package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * APPEND finds its mailbox when the message has arrived, and before it if that spares a message.
 */
class AppendTargetTest {
  private final MemoryTarget target = new MemoryTarget();

  // Set by connect(), before each test.
  @SuppressWarnings("NullAway.Init")
  private ClientConnection client;

  // Set by connect(), before each test.
  @SuppressWarnings("NullAway.Init")
  private ClientConnection other;

  @BeforeEach
  void connect() throws IOException {
    var account = target.account();
    client = in(account);
    other = in(account);
    assertThat(ask(client, "CREATE Plans")).startsWith("a OK");
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    other.close();
    target.close();
  }

  @Test
  void aMessageThatComesInAnyCaseCostsNoLookUp() throws IOException {
    int before = target.mailboxLookups();
    assertThat(ask(client, "APPEND Plans {7+}\r\nFrom: x")).startsWith("a OK");
    assertThat(ask(client, "APPEND Nowhere {7+}\r\nFrom: x")).startsWith("a NO [TRYCREATE]");
    assertThat(target.mailboxLookups() - before).isZero();
  }

  @Test
  void aClientThatWaitsSendsNoMessageToAMissingMailbox() throws IOException {
    assertThat(ask(client, "APPEND Nowhere {7}")).startsWith("a NO [TRYCREATE]");
  }

  @Test
  void aKnownMailboxCostsNoLookUp() throws IOException {
    assertThat(ask(client, "SELECT Plans")).startsWith("a OK");
    int before = target.mailboxLookups();
    assertThat(ask(client, "APPEND Plans {7}")).startsWith("+ ");
    assertThat(finish()).startsWith("* 1 EXISTS");
    assertThat(target.mailboxLookups() - before).isZero();
  }

  @Test
  void aMailboxThatIsDeletedWhileTheMessageArrivesIsMissing() throws IOException {
    assertThat(ask(client, "APPEND Plans {7}")).startsWith("+ ");
    assertThat(ask(other, "DELETE Plans")).startsWith("a OK");
    assertThat(finish()).startsWith("a NO [TRYCREATE]");
  }

  @Test
  void aMailboxThatIsReplacedWhileTheMessageArrivesGetsIt() throws IOException {
    assertThat(ask(client, "APPEND Plans {7}")).startsWith("+ ");
    assertThat(ask(other, "DELETE Plans")).startsWith("a OK");
    assertThat(ask(other, "CREATE Plans")).startsWith("a OK");
    assertThat(finish()).startsWith("a OK [APPENDUID");
    assertThat(ask(other, "SELECT Plans")).startsWith("a OK");
    assertThat(ask(other, "UID FETCH 1 FLAGS")).startsWith("* 1 FETCH");
  }

  @Test
  void aMailboxThatIsRenamedWhileTheMessageArrivesGetsIt() throws IOException {
    assertThat(ask(client, "APPEND Plans {7}")).startsWith("+ ");
    assertThat(ask(other, "RENAME Plans Ideas")).startsWith("a OK");
    assertThat(finish()).startsWith("a OK [APPENDUID");
    assertThat(ask(other, "SELECT Ideas")).startsWith("a OK");
    assertThat(ask(other, "UID FETCH 1 FLAGS")).startsWith("* 1 FETCH");
  }

  private String finish() throws IOException {
    client.send("From: x\r\n");
    return client.answer(soon());
  }

  private ClientConnection in(Target.Login account) throws IOException {
    var wire = new ClientConnection(target.host(), target.imapPort());
    assertThat(wire.answer(soon())).startsWith("* OK");
    assertThat(ask(wire, "LOGIN " + account.name() + " " + account.password())).startsWith("a OK");
    return wire;
  }

  /** The first answer that is not about another thing: tagged, a continuation, or a FETCH. */
  private static String ask(ClientConnection wire, String command) throws IOException {
    wire.send("a " + command + "\r\n");
    var next = wire.answer(soon());
    while (next.startsWith("* ") && !next.contains(" FETCH ")) {
      next = wire.answer(soon());
    }
    return next;
  }

  private static Instant soon() {
    return Instant.now().plusSeconds(20);
  }
}
