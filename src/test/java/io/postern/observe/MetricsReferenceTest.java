package io.postern.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of metrics in the operations guide has every meter of the sources, and no other. */
class MetricsReferenceTest {
  private static final Path SOURCES = Path.of("src/main/java/io/postern/observe");
  private static final Path GUIDE = Path.of("src/main/docs/monitoring.md");

  /** A meter's name is a text of its own: as an argument of a builder, or a constant. */
  private static final Pattern METER = Pattern.compile("\"(mail(?:\\.[a-z]+)+)\"");

  private static final Pattern METRIC = Pattern.compile("`(mail_[a-z_]+)`");

  /** What Prometheus adds: the unit, and the suffix of a counter. */
  private static final List<String> SUFFIXES =
      List.of("", "_total", "_seconds", "_seconds_total", "_bytes");

  /** Texts of the same form that name a log, a setting or an attribute. */
  private static final Set<String> OTHERS =
      Set.of(
          "mail.audit",
          "mail.command.number",
          "mail.commands",
          "mail.embedded.enabled",
          "mail.end.reason",
          "mail.octets.sent",
          "mail.outcome");

  @Test
  void everyMeterIsDocumented() throws IOException {
    var documented = documented();
    assertThat(meters())
        .allSatisfy(
            meter ->
                assertThat(SUFFIXES.stream().map(suffix -> prometheus(meter) + suffix))
                    .as("metrics of %s in %s", meter, GUIDE)
                    .containsAnyElementsOf(documented));
  }

  @Test
  void everyDocumentedMetricExists() throws IOException {
    var possible = new TreeSet<String>();
    for (var meter : meters()) {
      SUFFIXES.forEach(suffix -> possible.add(prometheus(meter) + suffix));
    }
    assertThat(documented()).isNotEmpty().isSubsetOf(possible);
  }

  private static String prometheus(String meter) {
    return meter.replace('.', '_');
  }

  private static Set<String> meters() throws IOException {
    var meters = new TreeSet<String>();
    try (var files = Files.walk(SOURCES)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(
              file ->
                  METER
                      .matcher(text(file))
                      .results()
                      .map(match -> match.group(1))
                      .filter(name -> !OTHERS.contains(name))
                      .forEach(meters::add));
    }
    return meters;
  }

  /** The names in the first column of the table. */
  private static Set<String> documented() throws IOException {
    var metrics = new TreeSet<String>();
    for (var line : Files.readAllLines(GUIDE)) {
      if (line.startsWith("| `mail_")) {
        METRIC
            .matcher(line.substring(0, line.indexOf('|', 1)))
            .results()
            .forEach(match -> metrics.add(match.group(1)));
      }
    }
    return metrics;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
