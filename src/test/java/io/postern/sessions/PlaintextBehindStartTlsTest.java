package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A command in clear text behind the one that starts TLS is never run, in whatever segment it
 * arrives (RFC 2595 §4, RFC 3207 §6, RFC 3501 §6.2.1).
 */
class PlaintextBehindStartTlsTest {
  private static final MemoryTarget TARGET = new MemoryTarget();

  enum Protocol {
    IMAP("s STARTTLS", "s OK", "i NOOP", "i OK", "n NOOP", "n OK"),
    POP3("STLS", "+OK", "LANG", "+OK Languages", "NOSUCH", "-ERR"),
    LMTP("STARTTLS", "220", "NOOP", "250", "NOSUCH", "500");

    private final String start;
    private final String started;
    private final String injected;
    private final String injectedAnswer;
    private final String next;
    private final String nextAnswer;

    Protocol(
        String start,
        String started,
        String injected,
        String injectedAnswer,
        String next,
        String nextAnswer) {
      this.start = start;
      this.started = started;
      this.injected = injected;
      this.injectedAnswer = injectedAnswer;
      this.next = next;
      this.nextAnswer = nextAnswer;
    }

    private ClientConnection connect() throws IOException {
      var port =
          switch (this) {
            case IMAP -> TARGET.imapPort();
            case POP3 -> TARGET.pop3Port();
            case LMTP -> TARGET.lmtpPort();
          };
      var wire = new ClientConnection(TARGET.host(), port);
      wire.line(soon());
      return wire;
    }
  }

  @AfterAll
  static void stop() {
    TARGET.close();
  }

  /** Otherwise the other tests would pass without the injected command having any effect. */
  @ParameterizedTest
  @EnumSource(Protocol.class)
  void theInjectedCommandIsAnsweredElsewhere(Protocol protocol) throws IOException {
    try (var wire = protocol.connect()) {
      wire.send(protocol.injected + "\r\n");
      assertThat(wire.line(soon())).startsWith(protocol.injectedAnswer);
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void inTheSameSegmentItIsDiscarded(Protocol protocol) throws IOException {
    try (var wire = protocol.connect()) {
      wire.send(protocol.start + "\r\n" + protocol.injected + "\r\n");
      assertThat(wire.line(soon())).startsWith(protocol.started);
      wire.startTls();
      assertNextIsAnsweredFirst(protocol, wire);
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void inTheNextSegmentItIsDiscardedOrEndsTheConnection(Protocol protocol) throws IOException {
    try (var wire = protocol.connect()) {
      wire.send(protocol.start + "\r\n");
      wire.send(protocol.injected + "\r\n");
      assertThat(wire.line(soon())).startsWith(protocol.started);
      if (handshakeSucceeds(wire)) {
        assertNextIsAnsweredFirst(protocol, wire);
      } else {
        assertThat(wire.rest()).doesNotContain(protocol.injectedAnswer);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void inADelayedSegmentItEndsTheConnection(Protocol protocol) throws IOException {
    try (var wire = protocol.connect()) {
      wire.send(protocol.start + "\r\n");
      // Its answer is what the delay waits for: now the server expects the handshake.
      assertThat(wire.line(soon())).startsWith(protocol.started);
      wire.send(protocol.injected + "\r\n");
      assertThat(wire.rest()).doesNotContain(protocol.injectedAnswer);
    }
  }

  private static boolean handshakeSucceeds(ClientConnection wire) {
    try {
      wire.startTls();
      return true;
    } catch (IOException refused) {
      // The server took the clear text for the beginning of the handshake.
      return false;
    }
  }

  private static void assertNextIsAnsweredFirst(Protocol protocol, ClientConnection wire)
      throws IOException {
    wire.send(protocol.next + "\r\n");
    assertThat(wire.line(soon())).startsWith(protocol.nextAnswer);
  }

  private static Instant soon() {
    return Instant.now().plus(ScriptReader.PATIENCE);
  }
}
