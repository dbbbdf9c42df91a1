package io.postern.config.area;

import io.smallrye.config.WithDefault;
import java.net.URI;

/** OpenTelemetry traces: the duration of each command, sent to a collector. */
public interface TraceSettings {
  /**
   * Whether traces are sent: a span for each command, with its protocol, name, outcome and session,
   * and one for each session. They hold no name, no address, and nothing that a client sent or
   * received.
   */
  @WithDefault("false")
  boolean enabled();

  /**
   * The collector: an HTTP URL that accepts OTLP in its binary form. For {@code https} the Java
   * platform must trust its certificate.
   */
  @WithDefault("http://127.0.0.1:4318/v1/traces")
  String endpoint();

  /** Traces one session in so many, with all of its commands; 1 to 1,000,000. */
  @WithDefault("1")
  int oneSessionIn();

  /** Declares the keys with their bounds. */
  static void declare(TraceSettings now, Keys keys) {
    keys.flag("mail.trace.enabled", now.enabled());
    keys.parsed(
        "mail.trace.endpoint", now.endpoint(), "an http:// or https:// URL", () -> url(now));
    keys.count("mail.trace.one-session-in", now.oneSessionIn(), 1, 1_000_000);
  }

  private static void url(TraceSettings now) {
    var text = now.endpoint();
    var url = URI.create(text);
    var scheme = String.valueOf(url.getScheme());
    if (!scheme.matches("(?i)https?") || url.getHost() == null || url.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not the URL of a collector: write http://host:port/v1/traces");
    }
  }
}
