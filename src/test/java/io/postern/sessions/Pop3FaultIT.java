package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailProtocol;
import io.postern.sessions.FaultyBlobs.Fault;
import io.postern.store.Blobs;
import io.postern.wire.registry.SessionInfo;
import io.postern.wire.registry.SessionObserver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A failure within a message ends the session: never a wrong octet count, never a last line for a
 * message that is not whole.
 */
class Pop3FaultIT {
  private static final String LINE = "0123456789abcd\r\n";
  private static final String HEADER = "Subject: long\r\n\r\n";
  private static final String MESSAGE = HEADER + LINE.repeat(3 * Blobs.CHUNK / LINE.length());
  private static final Duration NEVER = Duration.ofMinutes(5);

  private static final AtomicReference<FaultyBlobs> BLOBS = new AtomicReference<>();
  private static final AtomicReference<Duration> STALLED = new AtomicReference<>(NEVER);
  private static final BlockingQueue<String> RAN = new LinkedBlockingQueue<>();
  private static Target target = new ForeignTarget("127.0.0.1:0");

  private Target.Login login = new Target.Login("", "");

  @BeforeAll
  static void start() {
    target =
        new MemoryTarget(
            stored -> {
              var faulty = new FaultyBlobs(stored);
              BLOBS.set(faulty);
              return faulty;
            },
            new Pop3Commands(),
            usual -> usual.stalled(STALLED.get()));
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  @BeforeEach
  void account() {
    BLOBS.get().fault = Fault.NONE;
    STALLED.set(NEVER);
    login = target.account();
  }

  private void fill(String message) throws IOException {
    try (var wire = new ClientConnection(target.host(), target.imapPort())) {
      var until = Instant.now().plusSeconds(20);
      wire.answer(until);
      wire.send("a LOGIN " + login.name() + " " + login.password() + "\r\n");
      wire.send("b APPEND INBOX {" + message.length() + "+}\r\n" + message + "\r\n");
      var answer = wire.answer(until);
      while (!answer.startsWith("b ")) {
        answer = wire.answer(until);
      }
      assertThat(answer).startsWith("b OK");
    }
  }

  private ClientConnection opened() throws IOException {
    var wire = Pop3Client.reopened(target, login);
    RAN.clear();
    return wire;
  }

  private static String ran() throws InterruptedException {
    return String.valueOf(RAN.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void aFailureBeforeTheFirstOctetIsAnsweredAndTheSessionContinues() throws Exception {
    fill(MESSAGE);
    try (var wire = opened()) {
      BLOBS.get().fault = Fault.AT_ONCE;
      assertThat(Pop3Client.say(wire, "RETR 1")).startsWith("-ERR [SYS/TEMP]");
      assertThat(ran()).isEqualTo("RETR err");
      assertThat(Pop3Client.say(wire, "TOP 1 1")).startsWith("-ERR [SYS/TEMP]");
      assertThat(ran()).isEqualTo("TOP err");
      BLOBS.get().fault = Fault.NONE;
      wire.send("RETR 1\r\nQUIT\r\n");
      assertThat(wire.rest())
          .startsWith("+OK " + MESSAGE.length() + " octets\r\n" + MESSAGE + ".\r\n+OK ");
      assertThat(ran()).isEqualTo("RETR ok");
    }
  }

  @Test
  void aFailureOrAMissingPieceWithinAMessageEndsTheSession() throws Exception {
    fill(MESSAGE);
    for (var fault : new Fault[] {Fault.LATER, Fault.SHORT}) {
      for (var command : new String[] {"RETR 1", "TOP 1 1000000"}) {
        try (var wire = opened()) {
          BLOBS.get().fault = fault;
          assertThat(Pop3Client.say(wire, command)).startsWith("+OK");
          assertThat(wire.rest()).isEqualTo(MESSAGE.substring(0, Blobs.CHUNK));
          assertThat(ran()).endsWith(" broken");
        }
      }
    }
    BLOBS.get().fault = Fault.NONE;
    opened().close();
  }

  @Test
  void topIsCompleteIfItNeedsNoMissingPiece() throws Exception {
    fill(MESSAGE);
    try (var wire = opened()) {
      BLOBS.get().fault = Fault.SHORT;
      wire.send("TOP 1 2\r\nQUIT\r\n");
      assertThat(wire.rest()).contains("\r\n" + HEADER + LINE + LINE + ".\r\n+OK ");
    }
  }

  @Test
  void aClientThatReadsNothingIsDisconnectedAndTheLockReleased() throws Exception {
    var message = HEADER + LINE.repeat(2 * 1024 * 1024 - 1000);
    fill(message);
    try (var wire = opened()) {
      STALLED.set(Duration.ofMillis(300));
      wire.send("RETR 1\r\nDELE 1\r\nQUIT\r\n");
      try (var next = Pop3Client.reopened(target, login)) {
        assertThat(Pop3Client.say(next, "STAT")).isEqualTo("+OK 1 " + message.length());
      }
      var taken = wire.rest();
      assertThat(taken.length()).isLessThan(message.length());
      var all = "+OK " + message.length() + " octets\r\n" + message;
      assertThat(all.startsWith(taken)).as("what came is the message's beginning").isTrue();
    }
  }

  /** Keeps how each command of POP3 has ended. */
  private static final class Pop3Commands implements SessionObserver {
    @Override
    public void commandEnded(SessionInfo session, String command, String outcome, long nanos) {
      if (session.protocol() == MailProtocol.POP3) {
        RAN.add(command + " " + outcome);
      }
    }
  }
}
