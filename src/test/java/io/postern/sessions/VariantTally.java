package io.postern.sessions;

import java.util.Map;
import java.util.TreeMap;

/** How many scripts ran in a variant, and why others did not. Not safe for several threads. */
final class VariantTally {
  private final Map<String, Integer> leftOut = new TreeMap<>();
  private int scripts;
  private int enabled;
  private int refused;

  void ran(VariantRun run) {
    scripts++;
    enabled += run.timesEnabled();
    refused += run.timesRefused();
  }

  void leftOut(String reason) {
    leftOut.merge(reason, 1, Integer::sum);
  }

  int scripts() {
    return scripts;
  }

  /** Commands with sequence numbers that were refused. */
  int refused() {
    return refused;
  }

  @Override
  public String toString() {
    return "%d scripts ran, %d times enabled, %d commands refused, left out %s"
        .formatted(scripts, enabled, refused, leftOut);
  }
}
