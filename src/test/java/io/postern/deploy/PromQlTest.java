package io.postern.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expressions of alerts are read and evaluated as Prometheus does it. */
class PromQlTest {
  private static final String EARLIER =
      """
      # HELP a gauge
      up{job="a"} 1
      c_total{code="x"} 100
      c_total{code="y"} 40
      h_bucket{le="0.1"} 0
      h_bucket{le="0.2"} 0
      h_bucket{le="+Inf"} 0
      """;
  private static final String LATER =
      """
      up{job="a"} 1
      used{id="1"} 30
      used{id="2"} 50
      limit{id="1"} 100
      limit{id="2"} -1
      c_total{code="x"} 130
      c_total{code="y"} 15
      c_total{code="new"} 7
      h_bucket{le="0.1"} 50
      h_bucket{le="0.2"} 90
      h_bucket{le="+Inf"} 100
      odd{text="a \\"quote\\", } b"} NaN
      """;

  private final PromQlValues values =
      new PromQlValues(Samples.of(Map.of("pod", "p"), EARLIER, LATER), 1_000_000);

  /** What Prometheus answers to the same, a vector of one element without labels, or a number. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1 + 2 * 3 - 4 / 2 ; 5",
        "(1 + 2) * 3 ; 9",
        "time() - 86400 * 2 ; 827200",
        "sum(used) ; 80",
        "max by (pod) (used) - 1 ; 49",
        "sum(used) by (pod) ; 80",
        "avg(used) ; 40",
        "sum(limit > 0) ; 100",
        "sum(used / limit > 0) ; 0.3",
        "10 - sum(used) ; -70",
        "rate(c_total{code=\"x\"}[5m]) ; 2",
        // It began anew.
        "rate(c_total{code=\"y\"}[5m]) ; 1",
        "increase(c_total{code=\"x\"}[30s]) ; 60",
        "sum(rate(c_total[5m])) ; 3",
        "absent(up{job=\"b\"}) ; 1",
        "absent(up == 0) ; 1",
        "histogram_quantile(0.5, sum by (le) (rate(h_bucket[5m]))) ; 0.1",
        "histogram_quantile(0.7, sum by (le) (rate(h_bucket[5m]))) ; 0.15",
        "histogram_quantile(0.99, rate(h_bucket[5m])) ; 0.2",
        "used{id=~\"1|9\"} ; 30",
        "used{id!~\"1|9\",pod=\"p\"} ; 50",
        "used{id=\"1\"} >= on (id, pod) limit{id=\"1\"} - 70 ; 30"
      })
  void anExpressionComesTo(String expression, double expected) {
    assertThat(values.evaluate(expression)).hasSize(1);
    assertThat(values.evaluate(expression).getFirst().value()).isCloseTo(expected, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up == 0",
        "absent(up)",
        "nothing_total > 0",
        // A series that begins has no rate yet.
        "rate(c_total{code=\"new\"}[5m])",
        "used{id=\"1\"} > 30",
        "odd > 0 ",
        "odd < 0"
      })
  void anAlertIsSilent(String expression) {
    assertThat(values.evaluate(expression)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sum(",
        "sum by (a (up)",
        "up{job=a}",
        "up{job}",
        "up up",
        "rate(up)",
        "rate(up[5])",
        "unknown_function(up)",
        "up[5m]",
        "sum(up, up)",
        "1 ~ 2",
        // Two series of one side for one of the other.
        "used > on (pod) limit"
      })
  void whatIsNoExpressionIsRefused(String expression) {
    assertThatThrownBy(() -> values.evaluate(expression))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void missingSeriesAreNamed() {
    var samples = values.samples();
    assertThat(samples.missing("sum by (pod, id) (used{id=\"3\"}) > 0")).isEmpty();
    assertThat(samples.missing("rate(nothing_total[5m])")).containsExactly("nothing_total");
    assertThat(samples.missing("used{name=\"3\"}")).containsExactly("used{name}");
    assertThat(samples.missing("sum by (name) (used)")).containsExactly("name");
  }

  @Test
  void aMissingSeriesCannotBeChanged() {
    assertThatThrownBy(() -> values.samples().with("up{job=\"b\"}", _ -> 0))
        .hasMessageContaining("no series");
  }
}
