package io.postern.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.sessions.FaultyBlobs.Fault;
import io.postern.store.Blobs;
import java.io.EOFException;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A store that fails during FETCH: a NO where one can be sent, else the end of the connection. */
class BrokenFetchTest {
  private static final String MESSAGE =
      "Subject: long\r\n\r\n" + "0123456789abcde\n".repeat(3 * Blobs.CHUNK / 16);

  private static Target target = new ForeignTarget("127.0.0.1:0");
  private static final AtomicReference<FaultyBlobs> BLOBS = new AtomicReference<>();

  @BeforeAll
  static void start() {
    target =
        new MemoryTarget(
            stored -> {
              var faulty = new FaultyBlobs(stored);
              BLOBS.set(faulty);
              return faulty;
            });
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  private static ClientConnection selected() throws IOException {
    BLOBS.get().fault = Fault.NONE;
    var account = target.account();
    var wire = new ClientConnection(target.host(), target.imapPort());
    answer(wire);
    ask(wire, "a LOGIN " + account.name() + " " + account.password());
    ask(wire, "a APPEND INBOX {" + MESSAGE.length() + "+}\r\n" + MESSAGE);
    ask(wire, "a SELECT INBOX");
    return wire;
  }

  private static String answer(ClientConnection wire) throws IOException {
    return wire.answer(Instant.now().plusSeconds(20));
  }

  /** The tagged answer. */
  private static String ask(ClientConnection wire, String command) throws IOException {
    wire.send(command + "\r\n");
    var next = answer(wire);
    while (!next.startsWith("a ")) {
      next = answer(wire);
    }
    return next;
  }

  @Test
  void refusesWhenNothingWasSentYet() throws IOException {
    try (var wire = selected()) {
      BLOBS.get().fault = Fault.AT_ONCE;
      wire.send("a FETCH 1 (UID BODY.PEEK[TEXT])\r\n");
      var answer = answer(wire);
      assertTrue(answer.startsWith("a NO [UNAVAILABLE]"), answer);
      BLOBS.get().fault = Fault.NONE;
      assertTrue(ask(wire, "a FETCH 1 BODY.PEEK[TEXT]").startsWith("a OK"));
    }
  }

  @Test
  void closesAmidALiteral() throws IOException {
    for (var fault : new Fault[] {Fault.LATER, Fault.SHORT}) {
      try (var wire = selected()) {
        BLOBS.get().fault = fault;
        wire.send("a FETCH 1 BODY.PEEK[]\r\n");
        assertThrows(EOFException.class, () -> answer(wire), fault.name());
      }
    }
  }

  @Test
  void closesBetweenTwoLiteralsOfOneAnswer() throws IOException {
    try (var wire = selected()) {
      wire.send("a FETCH 1 BODY.PEEK[]<0.5>\r\n");
      assertEquals("* 1 FETCH (BODY[]<0> {5}\r\nSubje)", answer(wire));
      assertTrue(answer(wire).startsWith("a OK"));
      BLOBS.get().fault = Fault.LATER;
      wire.send("a FETCH 1 (BODY.PEEK[]<0.5> BODY.PEEK[])\r\n");
      assertThrows(
          EOFException.class,
          () -> {
            var answer = answer(wire);
            assertFalse(answer.startsWith("a "), answer);
            answer(wire);
          });
    }
  }

  @Test
  void refusesASearchThatCannotBeAnswered() throws IOException {
    try (var wire = selected()) {
      BLOBS.get().fault = Fault.AT_ONCE;
      // Two characters: the index of texts does not exclude them.
      assertTrue(ask(wire, "a SEARCH BODY zz").startsWith("a NO [UNAVAILABLE]"));
    }
  }
}
