package io.postern.sessions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * Settings of a server in another process, in a directory as Kubernetes mounts a ConfigMap: each
 * change is a new directory and a link swapped for it. Whether they are in force is asked of the
 * server's administration.
 */
final class MountedSettings {
  private static final int PATIENCE = 300;
  private static final long BREATH = 50_000_000;
  private static final Pattern GENERATION = Pattern.compile("\"generation\" *: *(\\d+)");

  private final Path directory;
  private final URI report;
  private final String token;
  private final HttpClient client = HttpClient.newHttpClient();

  private List<String> written = List.of();
  private int version;

  /**
   * @param port of the administration
   * @param settings {@code key=value}, with which the server will start
   */
  MountedSettings(int port, String token, List<String> settings) {
    this.report = URI.create("http://127.0.0.1:" + port + "/admin/v1/settings");
    this.token = token;
    try {
      this.directory = Files.createTempDirectory("settings");
      mount(settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path directory() {
    return directory;
  }

  /** Replaces the settings, and waits until they are in force. */
  void put(List<String> settings) {
    if (settings.equals(written)) {
      return;
    }
    try {
      long before = generation();
      mount(settings);
      for (int i = 0; generation() == before; i++) {
        if (i == PATIENCE) {
          throw new AssertionError("not in force: " + settings + "; " + report());
        }
        LockSupport.parkNanos(BREATH);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void mount(List<String> settings) throws IOException {
    var name = "..version" + ++version;
    Files.write(
        Files.createDirectory(directory.resolve(name)).resolve("script.properties"), settings);
    var file = directory.resolve("script.properties");
    if (!Files.isSymbolicLink(file)) {
      Files.createSymbolicLink(file, Path.of("..data", "script.properties"));
    }
    var next = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of(name));
    Files.move(
        next,
        directory.resolve("..data"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    written = List.copyOf(settings);
  }

  private long generation() throws IOException {
    var text = report();
    var found = GENERATION.matcher(text);
    if (!found.find()) {
      throw new AssertionError("no generation in " + text);
    }
    return Long.parseLong(found.group(1));
  }

  private String report() throws IOException {
    var request = HttpRequest.newBuilder(report).header("Authorization", "Bearer " + token).build();
    try {
      return client.send(request, BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
