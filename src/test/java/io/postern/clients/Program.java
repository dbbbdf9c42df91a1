package io.postern.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Runs one of the programs of {@code src/test/clients}, which report their result by their exit
 * code.
 */
final class Program {
  private static final Path FOLDER = Path.of("src", "test", "clients");

  /** The exit code of a program whose client is not installed. */
  private static final int SKIPPED = 77;

  private Program() {}

  /**
   * Runs it against the ports (IMAP, IMAPS, LMTP, POP3, POP3S) and shows its output. Skips the test
   * if the program says that its client is not installed.
   */
  static void run(String name, List<Integer> ports, String... more)
      throws IOException, InterruptedException {
    run(name, ports, Map.of(), more);
  }

  /** The same, with more in its environment. */
  static void run(String name, List<Integer> ports, Map<String, String> environment, String... more)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("python3", FOLDER.resolve(name).toString()));
    command.addAll(List.of("--imap", Integer.toString(ports.get(0))));
    command.addAll(List.of("--imaps", Integer.toString(ports.get(1))));
    command.addAll(List.of("--lmtp", Integer.toString(ports.get(2))));
    command.addAll(List.of("--pop3", Integer.toString(ports.get(3))));
    command.addAll(List.of("--pop3s", Integer.toString(ports.get(4))));
    command.addAll(Arrays.asList(more));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    var process = builder.start();
    var said = process.inputReader().lines().toList();
    said.forEach(System.out::println);
    int code = process.waitFor();
    assumeFalse(code == SKIPPED, String.join("\n", said));
    assertThat(code).as("%s: %s", name, String.join("\n", said)).isZero();
  }
}
