package io.postern.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.Eventually;
import io.postern.wire.limits.OctetBudget;
import io.postern.wire.limits.Pacer;
import io.postern.wire.limits.WireLimits;
import io.postern.wire.transport.Listener;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The limits of a client before its login, and after it. */
class UnauthenticatedLimitsIT {
  private static final int LINE = 5_000;
  private static final int LONG_LINE = 9_000;
  private static final int AWAITED = 6_000;
  private static final int BUDGET = 4_000;

  private final Loopback loopback = new Loopback();
  private final EchoProtocol protocol = new EchoProtocol(true);
  private OctetBudget budget = new OctetBudget(BUDGET);
  private final Listener listener = loopback.listen(protocol);

  @AfterEach
  void close() {
    loopback.close();
  }

  private Client connect() throws Exception {
    return Client.connect(listener.port()).expect("* hello");
  }

  private void within(long millis) {
    protocol.loginWithin = Optional.of(Duration.ofMillis(millis));
  }

  private void strict(int burst) {
    loopback.limits =
        WireLimits.ofLine(10_000)
            .untilLogin(
                new WireLimits.Unauthenticated(LINE, LONG_LINE, AWAITED, LINE, burst, budget));
  }

  @Test
  void commandsDoNotExtendTheDeadline() throws Exception {
    within(400);
    try (var client = connect()) {
      var said = "OK a";
      while (said.equals("OK a")) {
        said = client.send("a\r\n").line();
      }
      assertThat(said).isEqualTo("* BYE LOGIN_TIMEOUT");
      assertThat(protocol.closed.poll(20, SECONDS)).isEqualTo(CloseReason.LOGIN_TIMEOUT);
    }
  }

  @Test
  void literalsAndAwaitedLinesDoNotExtendTheDeadline() throws Exception {
    within(400);
    for (var command : new String[] {"a {100}\r\n", "a {200}\r\n", "LINE\r\n", "half a l"}) {
      try (var client = connect()) {
        client.send(command);
        var said = client.line();
        assertThat(said.startsWith("+") ? client.line() : said).isEqualTo("* BYE LOGIN_TIMEOUT");
      }
    }
  }

  @Test
  void aCommandThatRunsIsAnsweredFirst() throws Exception {
    within(200);
    try (var client = connect()) {
      var session = protocol.opened.poll(20, SECONDS);
      client.send("WAIT\r\nthen\r\n");
      assertThat(session.waits.await(20, SECONDS)).isTrue();
      session.soon(600, session::release);
      client.expect("OK then", "* BYE LOGIN_TIMEOUT");
    }
  }

  @Test
  void aLoginRemovesTheDeadline() throws Exception {
    within(300);
    try (var client = connect()) {
      client.send("USER\r\n").expect("OK user");
      var session = protocol.opened.poll(20, SECONDS);
      session.soon(900, () -> session.connection.out().write("* later\r\n").flush());
      client.expect("* later").send("a\r\n").expect("OK a");
    }
  }

  @Test
  void linesAreShorterBeforeLogin() throws Exception {
    budget = new OctetBudget(2 * AWAITED);
    strict(25);
    try (var client = connect()) {
      var longest = "x".repeat(LINE);
      client.send(longest + "\r\n").expect("OK " + longest);
      client.send(longest + "x\r\n").expect("BAD more than " + LINE);
      var awaited = "x".repeat(AWAITED);
      client.send("LINE\r\n" + awaited + "\r\n").expect("LINE " + awaited);
      client.send("LINE\r\n" + awaited + "x\r\n").expect("LONG a line has at most 6000 octets");
      client.send("USER\r\n").expect("OK user");
      client.send(longest + "x\r\n").expect("OK " + longest + "x");
    }
  }

  @Test
  void aCommandThatMayBeLongHasItsOwnLimit() throws Exception {
    budget = new OctetBudget(2 * LONG_LINE);
    strict(25);
    try (var client = connect()) {
      var longest = "MUCH " + "x".repeat(LONG_LINE - 5);
      client.send(longest + "\r\n").expect("OK " + longest);
      client.send(longest + "x\r\n").expect("BAD more than " + LONG_LINE);
      // In pieces, as a network may deliver it.
      for (int at = 0; at < longest.length(); at += 1_000) {
        client.send(longest.substring(at, Math.min(longest.length(), at + 1_000)));
      }
      client.send("\r\n").expect("OK " + longest);
      // The lines behind its literals count, too.
      var half = "MUCH " + "x".repeat(LINE);
      var rest = "y".repeat(LONG_LINE - half.length() - 4);
      client.send(half + "{1+}\r\n" + "l" + rest + "\r\n").expect("OK " + half + "<l>" + rest);
      client.send(half + "{1+}\r\n" + "l" + rest + "y\r\n");
      client.expect("BAD more than " + LONG_LINE);
      client.send("x".repeat(LINE + 1) + "\r\n").expect("BAD more than " + LINE);
    }
  }

  @Test
  void aLongCommandCountsInTheBudgetOfAll() throws Exception {
    strict(25);
    try (var client = connect()) {
      client.send("MUCH " + "x".repeat(BUDGET)).expect("* BYE FULL").expectEnd();
    }
    Eventually.holds("it comes about", () -> budget.kept() == 0);
  }

  @Test
  void theInputOfAllClientsIsBoundedWithAMinimumForEach() throws Exception {
    strict(25);
    var first = connect();
    first.send("x".repeat(3_000));
    Eventually.holds("it comes about", () -> budget.kept() == 3_000);
    try (var second = connect();
        var small = connect();
        var user = connect()) {
      second.send("x".repeat(2_000)).expect("* BYE FULL").expectEnd();
      small.send("y".repeat(OctetBudget.SMALL));
      Eventually.holds("it comes about", () -> budget.kept() == 3_000 + OctetBudget.SMALL);
      user.send("USER\r\n" + "z".repeat(4_000)).expect("OK user");
      small.send("\r\n").expect("OK " + "y".repeat(OctetBudget.SMALL));
      Eventually.holds("it comes about", () -> budget.kept() == 3_000);
      first.close();
      Eventually.holds("it comes about", () -> budget.kept() == 0);
      small.send("x".repeat(3_000) + " {50}\r\n").expect("+ OK").send("l".repeat(20));
      Eventually.holds("it comes about", () -> budget.kept() == 3_021);
    }
    Eventually.holds("it comes about", () -> budget.kept() == 0);
  }

  @Test
  void littleIsReadAheadBeforeLogin() throws Exception {
    strict(25);
    try (var client = connect()) {
      var session = protocol.opened.poll(20, SECONDS);
      // Its commands are to wait; so few octets of them as fit into the budget are kept.
      client.send("WAIT\r\n");
      assertThat(session.waits.await(20, SECONDS)).isTrue();
      var sent = CompletableFuture.runAsync(() -> sendAll(client, "ahead\r\n".repeat(3_000_000)));
      assertThat(protocol.closed.poll(20, SECONDS)).isEqualTo(CloseReason.FULL);
      assertThat(budget.kept()).isZero();
      sent.get(20, SECONDS);
    }
  }

  private static void sendAll(Client client, String text) {
    try {
      client.send(text);
    } catch (java.io.IOException gone) {
      // The server has closed.
      assertThat(gone).isNotNull();
    }
  }

  @Test
  void commandsBeyondABurstArePaced() throws Exception {
    strict(3);
    try (var client = connect()) {
      long before = System.nanoTime();
      client.send("a\r\n".repeat(6));
      client.expect("OK a", "OK a", "OK a", "OK a", "OK a", "OK a");
      // Behind three at once one waits for the fourth's interval, and two more for theirs.
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Pacer.INTERVAL);
      client.send("USER\r\n").expect("OK user");
      client.send("a\r\n".repeat(1_000));
      for (int i = 0; i < 1_000; i++) {
        client.expect("OK a");
      }
    }
  }

  @Test
  void refusedLiteralsArePacedToo() throws Exception {
    strict(3);
    try (var client = connect()) {
      long before = System.nanoTime();
      client.send("a {50000000}\r\n".repeat(6));
      for (int i = 0; i < 6; i++) {
        client.expect("NO too big");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Pacer.INTERVAL);
    }
  }
}
