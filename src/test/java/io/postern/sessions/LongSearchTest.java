package io.postern.sessions;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A search of dozens of slices: between any two of them others on its event loop are answered. */
class LongSearchTest {
  private static final int DOUBLINGS = 14;
  private static final int SEARCHES = 3;
  private static final int ANSWERS_OF_A_SEARCH = 10;

  /** Evaluated for each message to its end; finds nothing. */
  private static final String SEARCH =
      "SEARCH "
          + IntStream.range(0, 498).mapToObj("NOT LARGER 1%03d"::formatted).collect(joining(" "))
          + " LARGER 1000000";

  private static Target target = new ForeignTarget("127.0.0.1:0");

  @BeforeAll
  static void start() {
    target = new MemoryTarget();
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  private static ClientConnection connected() throws IOException {
    var wire = new ClientConnection(target.host(), target.imapPort());
    wire.answer(Instant.now().plusSeconds(60));
    return wire;
  }

  private static void ask(ClientConnection wire, String command) throws IOException {
    wire.send("a " + command + "\r\n");
    var next = "";
    while (!next.startsWith("a ")) {
      next = wire.answer(Instant.now().plusSeconds(60));
    }
    assertThat(next).startsWith("a OK");
  }

  private static ClientConnection searcher() throws IOException {
    var account = target.account();
    var wire = connected();
    ask(wire, "LOGIN " + account.name() + " " + account.password());
    ask(wire, "APPEND INBOX {3+}\r\na\r\n");
    ask(wire, "SELECT INBOX");
    for (int i = 0; i < DOUBLINGS; i++) {
      ask(wire, "COPY 1:* INBOX");
      ask(wire, "NOOP");
    }
    return wire;
  }

  /** How many commands are answered until it is over. */
  private static Callable<Integer> answers(ClientConnection wire, AtomicBoolean over) {
    return () -> {
      var account = target.account();
      ask(wire, "LOGIN " + account.name() + " " + account.password());
      int answers = 0;
      for (; !over.get(); answers++) {
        ask(wire, "CAPABILITY");
      }
      return answers;
    };
  }

  /**
   * A task that a slice appended for the next one ran at once: 64 in a row, which took an eighth of
   * a second, before the event loop polled its sockets again.
   */
  @Test
  void otherClientsOfTheEventLoopAreAnsweredBetweenSlices() throws Exception {
    var over = new AtomicBoolean();
    try (var busy = searcher();
        // One of them on each event loop.
        var one = connected();
        var other = connected();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answersOfOne = threads.submit(answers(one, over));
      var answersOfOther = threads.submit(answers(other, over));
      try {
        for (int i = 0; i < SEARCHES; i++) {
          ask(busy, SEARCH);
        }
      } finally {
        over.set(true);
      }
      assertThat(answersOfOne.get()).isGreaterThan(SEARCHES * ANSWERS_OF_A_SEARCH);
      assertThat(answersOfOther.get()).isGreaterThan(SEARCHES * ANSWERS_OF_A_SEARCH);
    }
  }
}
