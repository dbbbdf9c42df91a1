package io.postern.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.Eventually;
import io.postern.wire.registry.SessionObserver;
import io.postern.wire.registry.SessionRegistry;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** Many clients that read slowly share what the node may hold for them. */
class OutputBudgetTest {
  private static final int KIB = 1024;

  @Test
  void aRequestGetsAllWhileTheBudgetSuffices() {
    var budget = new OutputBudget(8L * 1024 * KIB);
    var memory = budget.take(1024 * KIB);
    assertThat(memory.octets()).isEqualTo(1024 * KIB);
    assertThat(budget.used()).isEqualTo(1024 * KIB);
    assertThat(budget.spent()).isFalse();
    assertThat(budget.piece()).isEqualTo(OutputBudget.PIECE);
    memory.keep(100);
    assertThat(budget.used()).isEqualTo(100);
    memory.keep(200);
    assertThat(budget.used()).isEqualTo(100);
    memory.release();
    memory.release();
    assertThat(budget.used()).isZero();
  }

  @Test
  void everyRequestGetsAMinimumWhenTheBudgetIsSpent() {
    var budget = new OutputBudget(1024 * KIB);
    budget.add(1024 * KIB - 1);
    assertThat(budget.spent()).isFalse();
    assertThat(budget.take(1024 * KIB).octets()).isEqualTo(OutputBudget.SMALL_PIECE);
    assertThat(budget.spent()).isTrue();
    assertThat(budget.piece()).isEqualTo(OutputBudget.SMALL_PIECE);
    assertThat(budget.take(100).octets()).isEqualTo(100);
  }

  @Test
  void whatACommandHoldsIsRefusedWhenTheBudgetIsSpent() {
    var budget = new OutputBudget(1024 * KIB);
    var first = budget.holding();
    assertThat(first.add(1024 * KIB)).isTrue();
    assertThat(first.add(1)).isFalse();
    assertThat(budget.used()).isEqualTo(1024 * KIB);
    var second = budget.holding();
    assertThat(second.add(OutputBudget.SMALL_PIECE)).isTrue();
    assertThat(second.add(1)).isFalse();
    second.require(1024 * KIB);
    assertThat(budget.used()).isEqualTo(2048 * KIB + OutputBudget.SMALL_PIECE);
    first.release();
    second.release();
    second.release();
    assertThat(budget.used()).isZero();
    second.require(1);
    assertThat(second.add(1)).isFalse();
    assertThat(budget.used()).isZero();
  }

  @Test
  void sharesBecomeSmallerAsTheBudgetIsUsed() {
    var budget = new OutputBudget(1024 * KIB);
    int before = Integer.MAX_VALUE;
    for (int i = 0; i < 100; i++) {
      int granted = budget.take(1024 * KIB).octets();
      assertThat(granted).isBetween(OutputBudget.SMALL_PIECE, before);
      before = granted;
    }
    assertThat(before).isEqualTo(OutputBudget.SMALL_PIECE);
  }

  @Test
  void manyClientsThatReadNothingHoldLittleAndOneThatReadsIsServed() throws Exception {
    int budget = 1024 * KIB;
    int clients = 40;
    try (var loopback =
        new Loopback(new SessionRegistry(SessionObserver.NONE, new OutputBudget(budget)))) {
      var protocol = new EchoProtocol(true);
      int port = loopback.listen(protocol).port();
      var idle = new ArrayList<Client>();
      for (int i = 0; i < clients; i++) {
        var client = Client.connect(port).expect("* hello");
        idle.add(client);
        client.send("OUT 1000\r\n");
        assertThat(protocol.opened.poll(20, SECONDS).waitedForRoom.await(20, SECONDS)).isTrue();
      }
      var output = loopback.sessions.output();
      assertThat(output.spent()).isTrue();
      // A piece of this protocol has 30,000 octets.
      assertThat(output.used()).isLessThan(budget + clients * 2L * 30_000);
      try (var good = Client.connect(port).expect("* hello")) {
        good.send("OUT 100\r\n");
        good.skip(100L * 30_000);
        assertThat(good.line()).startsWith("MOST ");
      }
      for (var client : idle) {
        client.close();
      }
      Eventually.holds("all is given back", () -> output.used() == 0);
    }
  }
}
