package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of trips and the operations guide agree. */
class TripBudgetTest {
  private static final Path GUIDE = Path.of("src/main/docs/monitoring.md");

  @Test
  void theGuideHasTheTable() throws IOException {
    var table = String.join("\n", TripBudget.table());
    assertThat(Files.readString(GUIDE)).as("the table in %s:%n%s", GUIDE, table).contains(table);
  }

  @ParameterizedTest
  @EnumSource
  void anAimIsNotBehindWhatIsReached(TripBudget line) {
    assertThat(line.aim().trips()).isLessThanOrEqualTo(line.cost().trips());
    assertThat(line.aim().writes()).isLessThanOrEqualTo(line.cost().writes());
  }
}
