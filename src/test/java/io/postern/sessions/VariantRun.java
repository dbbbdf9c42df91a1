package io.postern.sessions;

/** What happened while a script ran in a variant. Not safe for several threads. */
final class VariantRun {
  private final Variant variant;
  private int enabled;
  private int refused;

  VariantRun(Variant variant) {
    this.variant = variant;
  }

  Variant variant() {
    return variant;
  }

  void enabled() {
    enabled++;
  }

  void refused() {
    refused++;
  }

  /** How many times a client enabled the extensions. */
  int timesEnabled() {
    return enabled;
  }

  /** How many commands with sequence numbers were refused. */
  int timesRefused() {
    return refused;
  }
}
