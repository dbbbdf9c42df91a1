package io.postern.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.yaml.snakeyaml.LoaderOptions;

/** The documents in {@code k8s/}. */
final class Manifests {
  static final Path FOLDER = Path.of("k8s");

  private static final ObjectMapper YAML = new ObjectMapper(yaml());

  private Manifests() {}

  private static YAMLFactory yaml() {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    return YAMLFactory.builder()
        .loaderOptions(options)
        // YAML 1.1 takes 0440 for a number of base 8, and so does Kubernetes.
        .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
        .build();
  }

  /** A document and the file it stands in. */
  record Document(Path file, ObjectNode content) {
    String kind() {
      return content.path("kind").asText();
    }

    String name() {
      return content.at("/metadata/name").asText();
    }

    @Override
    public String toString() {
      return file + " " + kind() + " " + name();
    }
  }

  /** All but those that are for kustomize or for other programs. */
  static List<Document> all() {
    return files(FOLDER).stream().flatMap(file -> in(file).stream()).toList();
  }

  /** What components and overlays change of documents, where that is written as a part of one. */
  static List<JsonNode> patches() throws IOException {
    var found = new ArrayList<JsonNode>();
    try (Stream<Path> files = Files.walk(FOLDER)) {
      for (var file : files.filter(it -> it.endsWith("kustomization.yaml")).toList()) {
        for (var patch : YAML.readTree(Files.readString(file)).path("patches")) {
          found.add(YAML.readTree(patch.path("patch").asText()));
        }
      }
    }
    return found;
  }

  /** The only document of a kind and name. */
  static ObjectNode the(String kind, String name) {
    return one(all(), kind, name);
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.endsWith("kustomization.yaml"))
          .filter(file -> !file.endsWith("adapter-rule.yaml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Document> in(Path file) {
    try {
      return read(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rendered overlay; the test is reported as skipped without {@code kubectl}. */
  static List<Document> rendered(Path overlay) throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl"))),
        "no kubectl on this machine");
    var process = new ProcessBuilder("kubectl", "kustomize", overlay.toString()).start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(errors);
    }
    return read(overlay, text);
  }

  /** The rendered base with some components. */
  static List<Document> renderedWith(String... components)
      throws IOException, InterruptedException {
    var folder = Files.createTempDirectory(Path.of("target"), "overlay");
    var list = new ArrayList<String>();
    for (var component : components) {
      list.add("../../k8s/components/" + component);
    }
    Files.writeString(
        folder.resolve("kustomization.yaml"),
        "resources: [../../k8s/base]\ncomponents: [" + String.join(", ", list) + "]\n");
    return rendered(folder);
  }

  /** The only one of a kind and name among these. */
  static ObjectNode one(List<Document> documents, String kind, String name) {
    return documents.stream()
        .filter(document -> document.kind().equals(kind) && document.name().equals(name))
        .findFirst()
        .orElseThrow()
        .content();
  }

  /** The documents of a text. */
  static List<Document> read(Path from, String text) throws IOException {
    var documents = new ArrayList<Document>();
    try (MappingIterator<JsonNode> each = YAML.readerFor(JsonNode.class).readValues(text)) {
      while (each.hasNext()) {
        documents.add(new Document(from, (ObjectNode) each.next()));
      }
    }
    return documents;
  }
}
