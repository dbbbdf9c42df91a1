package io.postern.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What images are run, and how those that are not the server's are started. */
class ImagesTest {
  /** A version that is not moved, and the octets that it had. */
  private static final Pattern PINNED =
      Pattern.compile("[\\w.-]+(/[\\w.-]+)+:\\d+\\.\\d+[\\w.-]*@sha256:[0-9a-f]{64}");

  @Test
  void imagesOfOthersAreNamedByVersionAndDigest() {
    var images = new ArrayList<String>();
    for (var document : Manifests.all()) {
      for (var key : List.of("image", "imageName")) {
        document.content().findValues(key).forEach(image -> images.add(image.asText()));
      }
    }
    // The server's own is named by the overlays.
    images.removeIf(image -> image.equals("postern"));
    assertThat(images).hasSize(3).allSatisfy(image -> assertThat(image).matches(PINNED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Dockerfile.native", "Dockerfile.jvm"})
  void baseImagesAreArgumentsThatADigestCanReplace(String file) throws Exception {
    var lines = Files.readAllLines(Path.of(file));
    var bases =
        lines.stream()
            .filter(line -> line.startsWith("FROM "))
            .map(line -> line.split(" ", 3)[1])
            .toList();
    assertThat(bases)
        .isNotEmpty()
        .allSatisfy(
            base -> {
              assertThat(base).matches("\\$\\{\\w+}");
              var name = base.substring(2, base.length() - 1);
              assertThat(lines)
                  .anyMatch(line -> line.matches("ARG " + name + "=\\S+:[\\w.-]*\\d[\\w.-]*\\S*"));
            });
    assertThat(lines).contains("USER 1001", "STOPSIGNAL SIGTERM");
  }

  private static JsonNode container(String kind, String name) {
    return Manifests.the(kind, name).at("/spec/template/spec/containers/0");
  }

  private static List<String> command(String kind, String name) {
    return StreamSupport.stream(container(kind, name).path("command").spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }

  /** Run as it stands: it ends before it gets to the server, which is not on this machine. */
  @ParameterizedTest
  @CsvSource({
    "Deployment,postern-redis,REDIS_PASSWORD",
    "StatefulSet,postern-db,POSTGRES_PASSWORD"
  })
  void theExamplesPasswordStartsNothing(String kind, String name, String variable)
      throws Exception {
    var builder = new ProcessBuilder(command(kind, name)).redirectErrorStream(true);
    builder.environment().put(variable, "replace-me");
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(64);
    assertThat(said).contains("password of the example");
  }

  @Test
  void everySecretOfTheExamplesIsOneThatIsRefused() {
    assertThat(Manifests.all())
        .filteredOn(document -> document.kind().equals("Secret"))
        .hasSize(6)
        .allSatisfy(
            document ->
                document
                    .content()
                    .path("stringData")
                    .properties()
                    .forEach(
                        e ->
                            assertThat(e.getValue().asText())
                                .as(e.getKey())
                                .matches("postern|replace-me|replace by .*, PEM")));
  }

  @Test
  void redisIsBoundedEvictsNothingAndIsWatched() {
    var script = command("Deployment", "postern-redis").getLast();
    var most = Pattern.compile("--maxmemory (\\d+)mb").matcher(script);
    assertThat(most.find()).isTrue();
    var container = container("Deployment", "postern-redis");
    var limit = Quantity.parse(container.at("/resources/limits/memory").asText());
    // Room for what Redis takes beside its data.
    assertThat(Long.parseLong(most.group(1)) << 20)
        .isLessThan(Quantity.getAmountInBytes(limit).longValue() * 4 / 5);
    assertThat(script).contains("--maxmemory-policy noeviction");
    for (var probe : List.of("livenessProbe", "readinessProbe")) {
      assertThat(container.path(probe).at("/exec/command").toString()).contains("redis-cli ping");
    }
    assertThat(container.path("env").toString()).contains("REDISCLI_AUTH");
  }
}
