package io.postern.app;

import io.postern.embedded.FreePorts;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** A packaged server of a test's own, always at the same ports. */
final class Replica implements AutoCloseable {
  /** What opens its administration. */
  static final String TOKEN = "token-of-the-tests-0123456789";

  private final int imap = FreePorts.one();
  private final int http = FreePorts.one();
  private final int management = FreePorts.one();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final AtomicInteger killed = new AtomicInteger();

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private Process process;

  /** Starts it with these settings. */
  Replica(Map<String, String> given) throws IOException {
    settings.putAll(given);
    // Any profile but that of production allows the demo's accounts.
    settings.put("quarkus.profile", "chaos");
    settings.put("quarkus.http.port", Integer.toString(http));
    settings.put("quarkus.management.port", Integer.toString(management));
    settings.putIfAbsent("mail.demo.enabled", "true");
    settings.put("mail.admin.bootstrap-token", TOKEN);
    settings.put("mail.imap.enabled", "true");
    settings.put("mail.imap.unencrypted-or-tls-bindings", "127.0.0.1:" + imap);
    settings.put("mail.imap.ssl-bindings", "127.0.0.1:0");
    settings.put("mail.imap.login-type", "plain-text-login");
    start();
  }

  /** Starts it again and waits until it listens. */
  void start() throws IOException {
    process = new ProcessBuilder(PackageCommand.of(settings)).redirectErrorStream(true).start();
    var output = process.inputReader();
    var said = new StringBuilder();
    while (said.indexOf("Connect to ") < 0) {
      said.append(Objects.requireNonNull(output.readLine(), said::toString)).append('\n');
    }
    Thread.ofPlatform().daemon().start(() -> swallow(output));
  }

  private static void swallow(BufferedReader output) {
    output.lines().forEach(line -> {});
  }

  int imap() {
    return imap;
  }

  /** Where it is administered. */
  int http() {
    return http;
  }

  /** Where it is watched. */
  int management() {
    return management;
  }

  /** How many times it was killed, this time included if it is under way. */
  int killed() {
    return killed.get();
  }

  /** As {@code kill -9} does. */
  void kill() {
    killed.incrementAndGet();
    process.toHandle().destroyForcibly();
    process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** Whether clients should be sent here; its probes are answered a little after its clients. */
  boolean ready() {
    return readiness() == 200;
  }

  /** The HTTP status of the probe, 0 while nothing listens. */
  int readiness() {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), http);
        var _ = new Socket(InetAddress.getLoopbackAddress(), management)) {
      return health("ready").statusCode();
    } catch (IOException _) {
      return 0;
    }
  }

  /** The body of the probe's response. */
  Response health(String probe) {
    return RestAssured.given().baseUri("http://127.0.0.1:" + management).get("/q/health/" + probe);
  }

  /** The value of a series as Prometheus reads it. */
  double metric(String series) {
    var page =
        RestAssured.given().baseUri("http://127.0.0.1:" + management).get("/q/metrics").asString();
    var found = Pattern.compile("(?m)^" + Pattern.quote(series) + " (\\S+)$").matcher(page);
    return found.find() ? Double.parseDouble(found.group(1)) : Double.NaN;
  }

  @Override
  public void close() {
    // By its handle, which leaves its output open to be read to the end.
    process.toHandle().destroy();
    process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
