package io.postern.probe;

import io.postern.probe.ConnectivityResult.Result;
import io.postern.probe.ConnectivityResult.Step;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Records the steps of a test, each with its duration. */
final class Steps {
  /** The longest error text. */
  private static final int MAX_ERROR = 500;

  /** One step; failures end the test. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws IOException;
  }

  /** One without a result. */
  @FunctionalInterface
  interface Plain {
    void run() throws IOException;
  }

  private final List<Step> steps = new ArrayList<>();

  /**
   * Takes a step.
   *
   * @throws IOException what the action throws, after it was recorded
   */
  <T> T take(String scenario, Action<T> action) throws IOException {
    long began = System.nanoTime();
    try {
      var result = action.run();
      add(scenario, Result.SUCCESS, began, Optional.empty());
      return result;
    } catch (IOException e) {
      add(scenario, Result.FAILURE, began, Optional.of(text(e)));
      throw e;
    }
  }

  /** The same without a result. */
  void run(String scenario, Plain action) throws IOException {
    take(
        scenario,
        () -> {
          action.run();
          return true;
        });
  }

  /** Records a step that is not taken. */
  void skip(String scenario, String why) {
    steps.add(new Step(scenario, Result.SKIPPED, Duration.ZERO, Optional.of(why)));
  }

  private void add(String scenario, Result result, long began, Optional<String> error) {
    steps.add(new Step(scenario, result, Duration.ofNanos(System.nanoTime() - began), error));
  }

  private static String text(IOException e) {
    if (e instanceof SocketTimeoutException) {
      return "the server did not answer in time";
    }
    var text = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    return text.length() > MAX_ERROR ? text.substring(0, MAX_ERROR) + "…" : text;
  }

  ConnectivityResult result() {
    return ConnectivityResult.of(steps);
  }
}
