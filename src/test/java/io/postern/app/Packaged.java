package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.embedded.OwnRedis;
import io.postern.embedded.ServersForPackage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A packaged server: one replica of those that share the tests' database.
 *
 * @param imap its port, as the others
 * @param said its last lines
 */
record Packaged(Process process, int imap, int pop3, int lmtp, Deque<String> said)
    implements AutoCloseable {
  private static final int LINES_KEPT = 100;

  private static final Pattern IMAP = Pattern.compile("IMAP 127\\.0\\.0\\.1:(\\d+) \\(STARTTLS\\)");
  private static final Pattern POP3 = Pattern.compile("POP3 127\\.0\\.0\\.1:(\\d+) \\(STARTTLS\\)");
  private static final Pattern LMTP = Pattern.compile("LMTP 127\\.0\\.0\\.1:(\\d+)");

  /** Starts one and waits until it listens. */
  static Packaged launch(OwnRedis redis) throws IOException {
    return launch(redis, Map.of());
  }

  /** The same with more settings, or others. */
  static Packaged launch(OwnRedis redis, Map<String, String> more) throws IOException {
    return start(PackageCommand.of(settings(redis, more)));
  }

  /** The same of another package. */
  static Packaged launch(Path jar, OwnRedis redis, Map<String, String> more) throws IOException {
    return start(PackageCommand.ofJar(jar, settings(redis, more)));
  }

  /**
   * Starts a package that writes an archive of its classes when it ends.
   *
   * @param archive the file to write
   */
  static Packaged train(Path jar, Path archive) throws IOException {
    return start(PackageCommand.writingClasses(jar, archive, settings()));
  }

  private static Map<String, String> settings(OwnRedis redis, Map<String, String> more) {
    var settings = settings();
    settings.put("quarkus.redis.hosts", "redis://127.0.0.1:" + redis.port());
    settings.putAll(more);
    return settings;
  }

  private static Map<String, String> settings() {
    var settings = new ServersForPackage().start();
    // Any profile but that of production allows the demo's accounts.
    settings.put("quarkus.profile", "two");
    settings.put("mail.demo.enabled", "true");
    for (var protocol : List.of("imap", "pop3")) {
      settings.put("mail." + protocol + ".enabled", "true");
      settings.put("mail." + protocol + ".unencrypted-or-tls-bindings", "127.0.0.1:0");
      settings.put("mail." + protocol + ".ssl-bindings", "127.0.0.1:0");
      settings.put("mail." + protocol + ".login-type", "plain-text-login");
    }
    settings.put("mail.lmtp.enabled", "true");
    settings.put("mail.lmtp.bindings", "127.0.0.1:0");
    settings.put("mail.push.poll-interval", "PT10S");
    return settings;
  }

  private static Packaged start(List<String> command) throws IOException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = process.inputReader();
    var line = connectLine(output);
    var said = new ConcurrentLinkedDeque<String>();
    Thread.ofPlatform().daemon().start(() -> output.lines().forEach(rest -> keep(said, rest)));
    return new Packaged(process, port(IMAP, line), port(POP3, line), port(LMTP, line), said);
  }

  private static void keep(Deque<String> said, String line) {
    said.add(line);
    if (said.size() > LINES_KEPT) {
      said.remove();
    }
  }

  private static String connectLine(BufferedReader output) throws IOException {
    var said = new StringBuilder();
    while (said.indexOf("Connect to ") < 0) {
      said.append(Objects.requireNonNull(output.readLine(), said::toString)).append('\n');
    }
    return said.toString();
  }

  private static int port(Pattern pattern, String line) {
    var found = pattern.matcher(line);
    assertThat(found.find()).as(line).isTrue();
    return Integer.parseInt(found.group(1));
  }

  /** A client that is logged in. */
  Peer client() throws IOException {
    var client = new Peer(imap);
    client.line();
    client.command("LOGIN alice@example.test secret");
    return client;
  }

  /** How it does, and what it said at last: why clients may have lost it. */
  String output() {
    var state = process.isAlive() ? "runs" : "ended with " + process.exitValue();
    return "the server at %d %s%n%s".formatted(imap, state, String.join("\n", said));
  }

  /**
   * Asks it to end as Kubernetes does. By its handle, which leaves its output open: what it says at
   * last is read to the end.
   */
  void end() {
    process.toHandle().destroy();
  }

  /** Ends it as {@code kill -9} does. */
  void kill() {
    process.toHandle().destroyForcibly();
    process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    end();
    process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
