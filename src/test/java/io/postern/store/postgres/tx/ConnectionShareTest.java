package io.postern.store.postgres.tx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a node's connections are split over its event loops. */
class ConnectionShareTest {
  @ParameterizedTest
  @CsvSource({
    "20, 4, 4, 2, 2",
    "12, 4, 4, 1, 1",
    "16, 4, 4, 1, 2",
    "10, 8, 3, 1, 2",
    "3, 8, 1, 1, 1",
    "40, 4, 4, 4, 5"
  })
  void eachEventLoopHasConnectionsOfEachKind(
      int connections, int loops, int shares, int longReads, int writes) {
    var split = ConnectionShare.split(connections, loops);
    assertThat(split).hasSize(shares);
    assertThat(split.getFirst()).isEqualTo(new ConnectionShare(longReads, writes));
    assertThat(split.stream().mapToInt(ConnectionShare::total).sum()).isEqualTo(connections);
  }

  @Test
  void tooFewAreNotSplit() {
    assertThat(ConnectionShare.split(2, 4)).isEmpty();
    assertThat(ConnectionShare.split(1, 1)).isEmpty();
  }
}
