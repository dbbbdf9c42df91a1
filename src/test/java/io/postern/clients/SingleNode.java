package io.postern.clients;

import io.postern.embedded.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The packaged server with its own PostgreSQL and Redis, as one starts it on one machine. Wants a
 * package made with {@code -Psingle-node} or {@code -Pclients}.
 */
public final class SingleNode implements ServerUnderTest {
  /** How many accounts u0, u1 … it has. */
  public static final int ACCOUNTS = 400;

  private static final Path PACKAGE = Path.of("target", "quarkus-app", "quarkus-run.jar");
  private static final String UP = "Connect to IMAP";
  private static final String HEAP = "-Xmx256m";

  /** IMAP, IMAPS, LMTP, POP3, POP3S, administration, management: in this order. */
  static final int PORTS = 7;

  private static final int PATIENCE_SECONDS = 60;

  private final List<Integer> ports = FreePorts.many(PORTS);
  private final List<String> command;
  private final Process process;

  private SingleNode(Path data, String... settings) throws IOException {
    this.command = commandOf(data, ports, settings);
    this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param data where it keeps everything
   * @param settings {@code -Dkey=value}, more than it needs to be reached
   */
  public static SingleNode start(Path data, String... settings) throws IOException {
    var node = new SingleNode(data, settings);
    var output = node.process.inputReader();
    var seen = new ArrayList<String>();
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      seen.add(line);
      if (line.contains(UP)) {
        Thread.ofVirtual().start(() -> output.lines().forEach(System.out::println));
        return node;
      }
    }
    throw new IllegalStateException("the server does not start: " + String.join("\n", seen));
  }

  /** The command that starts a server on the same ports, with what is kept there. */
  static List<String> commandOf(Path data, List<Integer> ports, String... settings) {
    var command = new ArrayList<>(settled(data, ports));
    command.addAll(List.of(settings));
    command.addAll(List.of("-jar", PACKAGE.toString()));
    return command;
  }

  private static List<String> settled(Path data, List<Integer> ports) {
    return List.of(
        ProcessHandle.current().info().command().orElse("java"),
        HEAP,
        "-Dquarkus.profile=demo",
        "-Dmail.embedded.data-dir=" + data,
        "-Dmail.demo.bulk-accounts=" + ACCOUNTS,
        // One user stalls two hundred times at once.
        "-Dmail.imap.max-connections-per-user=1000",
        "-Dmail.imap.unencrypted-or-tls-bindings=127.0.0.1:" + ports.get(0),
        "-Dmail.imap.ssl-bindings=127.0.0.1:" + ports.get(1),
        "-Dmail.lmtp.bindings=127.0.0.1:" + ports.get(2),
        "-Dmail.pop3.unencrypted-or-tls-bindings=127.0.0.1:" + ports.get(3),
        "-Dmail.pop3.ssl-bindings=127.0.0.1:" + ports.get(4),
        // Its port may be taken by a server in development.
        "-Dmail.settings-page.bindings=",
        "-Dquarkus.http.port=" + ports.get(5),
        "-Dquarkus.management.port=" + ports.get(6));
  }

  @Override
  public List<Integer> ports() {
    return ports;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    // Its database writes what it has to even after it, and into a folder that is to be deleted.
    var servers = process.descendants().toList();
    // By its handle, which leaves its output open to be read to the end.
    process.toHandle().destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.toHandle().destroyForcibly();
      }
      servers.forEach(
          server -> server.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join());
    } catch (InterruptedException e) {
      process.toHandle().destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
