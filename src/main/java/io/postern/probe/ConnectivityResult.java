package io.postern.probe;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The result of a test.
 *
 * @param result failure if a step failed; skipped if none was taken; else success
 * @param latency of all steps
 * @param steps in their order, up to the first that failed
 */
public record ConnectivityResult(Result result, Duration latency, List<Step> steps) {
  /** What became of a step. */
  public enum Result {
    /** It succeeded. */
    SUCCESS,
    /** It was not taken. */
    SKIPPED,
    /** It failed. */
    FAILURE
  }

  /**
   * One step.
   *
   * @param scenario its name, such as {@code login}
   * @param error why it failed or was skipped
   */
  public record Step(String scenario, Result result, Duration latency, Optional<String> error) {}

  public ConnectivityResult {
    steps = List.copyOf(steps);
  }

  /** The result of the steps. */
  static ConnectivityResult of(List<Step> steps) {
    var latency = steps.stream().map(Step::latency).reduce(Duration.ZERO, Duration::plus);
    boolean failed = steps.stream().anyMatch(step -> step.result == Result.FAILURE);
    boolean succeeded = steps.stream().anyMatch(step -> step.result == Result.SUCCESS);
    var result = failed ? Result.FAILURE : succeeded ? Result.SUCCESS : Result.SKIPPED;
    return new ConnectivityResult(result, latency, steps);
  }

  /** The error of the step that failed. */
  public Optional<String> error() {
    return steps.stream()
        .filter(step -> step.result == Result.FAILURE)
        .findFirst()
        .map(step -> step.scenario + ": " + step.error.orElse("failed"));
  }
}
