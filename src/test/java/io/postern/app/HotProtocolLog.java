package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.observe.protocol.ProtocolLogFilesTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The hot keys of the protocol log's files, seen with a session that was open before. */
final class HotProtocolLog {
  static final HotScenario AGE =
      HotScenario.elsewhere(ProtocolLogFilesTest.class, "filesBeyondTheirAgeAreDeleted");

  static final HotScenario SIZE =
      HotScenario.elsewhere(
          ProtocolLogFilesTest.class, "theOldestFilesAreDeletedBeyondTheSizeOfAll");

  private HotProtocolLog() {}

  /** Switches the log on with its files in a directory. */
  private static void log(
      HotStage stage, HotMailProtocol protocol, Path directory, String... keysAndValues)
      throws Exception {
    var all = new ArrayList<>(List.of(protocol.key("protocol-log-enabled"), "true"));
    all.addAll(List.of(protocol.key("log-file-location"), directory.toString()));
    for (int i = 0; i < keysAndValues.length; i += 2) {
      all.add(protocol.key(keysAndValues[i]));
      all.add(keysAndValues[i + 1]);
    }
    stage.set(all.toArray(String[]::new));
  }

  private static List<Path> files(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private static boolean anyFile(Path directory, String name, String words) throws IOException {
    for (var file : files(directory)) {
      if (file.getFileName().toString().matches(name) && Files.readString(file).contains(words)) {
        return true;
      }
    }
    return false;
  }

  private static void delete(Path directory) throws IOException {
    for (var file : Stream.concat(files(directory).stream(), Stream.of(directory)).toList()) {
      Files.deleteIfExists(file);
    }
  }

  /** What a scenario does with an open session and a directory. */
  @FunctionalInterface
  private interface Scene {
    void play(Peer client, Path directory) throws Exception;
  }

  private static void scene(HotStage stage, HotMailProtocol protocol, Scene scene)
      throws Exception {
    var directory = Files.createTempDirectory("protocol-log");
    try (var client = protocol.user(stage, stage.user())) {
      scene.play(client, directory);
    } finally {
      stage.set();
      delete(directory);
    }
  }

  static void location(HotStage stage, HotMailProtocol protocol) throws Exception {
    var second = Files.createTempDirectory("protocol-log");
    scene(
        stage,
        protocol,
        (client, first) -> {
          log(stage, protocol, first);
          protocol.alive(client);
          HotStage.eventually("a line", () -> anyFile(first, ".*", "R=OK"));
          log(stage, protocol, second);
          protocol.alive(client);
          HotStage.eventually("a line", () -> anyFile(second, ".*", "R=OK"));
        });
    delete(second);
  }

  static void format(HotStage stage, HotMailProtocol protocol) throws Exception {
    scene(
        stage,
        protocol,
        (client, directory) -> {
          for (var format : List.of("exchange-2013", "json", "exchange-2016")) {
            var words =
                switch (format) {
                  case "exchange-2013" -> "#Fields: date-time,connector-id,";
                  case "json" -> "{\"dateTime\":";
                  default -> "#Fields: dateTime,sessionId,";
                };
            assertThat(anyFile(directory, ".*", words)).isFalse();
            log(stage, protocol, directory, "log-format", format);
            protocol.alive(client);
            HotStage.eventually(format, () -> anyFile(directory, ".*", words));
          }
        });
  }

  /** With a quota the name of a file has its day, without one the hour. */
  static void perFileQuota(HotStage stage, HotMailProtocol protocol) throws Exception {
    named(stage, protocol, "log-per-file-size-quota", "64K", "\\d{8}");
  }

  static void rollOver(HotStage stage, HotMailProtocol protocol) throws Exception {
    named(stage, protocol, "log-file-roll-over-settings", "monthly", "\\d{6}");
  }

  private static void named(
      HotStage stage, HotMailProtocol protocol, String key, String value, String digits)
      throws Exception {
    scene(
        stage,
        protocol,
        (client, directory) -> {
          var name = (protocol == HotMailProtocol.IMAP ? "IMAP4" : "POP3") + "%s-\\d+\\.LOG";
          log(stage, protocol, directory);
          protocol.alive(client);
          HotStage.eventually("hour", () -> anyFile(directory, name.formatted("\\d{10}"), "R=OK"));
          stage.set();
          // The file of the hour is closed with the first line that goes elsewhere.
          log(stage, protocol, directory.resolve("other"), key, value);
          protocol.alive(client);
          var other = directory.resolve("other");
          HotStage.eventually(value, () -> anyFile(other, name.formatted(digits), "R=OK"));
          delete(other);
        });
  }
}
