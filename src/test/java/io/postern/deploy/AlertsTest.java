package io.postern.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Alerts can be read, each has what fires it, and operators find what to do. */
class AlertsTest {
  private static final Pattern NAME = Pattern.compile("Postern[A-Z]\\w+");

  @Test
  void everyExpressionIsPromQl() {
    assertThat(Alerts.expressions()).hasSizeGreaterThan(20);
    assertThat(Alerts.expressions().values()).allSatisfy(it -> PromQl.parse(it));
  }

  @Test
  void everyAlertHasACause() {
    assertThat(Alerts.causes(0).keySet())
        .containsExactlyInAnyOrderElementsOf(Alerts.expressions().keySet());
  }

  @Test
  void theRunbookNamesEveryAlertAndNoOther() throws Exception {
    var named =
        NAME.matcher(Files.readString(Path.of("src/main/docs/runbook.md")))
            .results()
            .map(found -> found.group())
            .distinct()
            .toList();
    assertThat(named).containsExactlyInAnyOrderElementsOf(Alerts.expressions().keySet());
  }
}
