package io.postern.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.TestSettings;
import io.postern.config.net.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The versions, paths and ports of the Dockerfiles match the rest of the project. */
class ContainerTest {
  private static final String DOCKERFILE = read("Dockerfile.native");
  private static final String POM = read("pom.xml");

  @Test
  void stagesUseTheJdkOfTheBuild() {
    var jdk = one("<maven.compiler.release>(\\d+)<", POM);
    assertThat(all("^ARG \\w+_IMAGE=.*?(?:temurin|builder-image:jdk)-(\\d+)", DOCKERFILE))
        .hasSize(2)
        .containsOnly(jdk);
  }

  @Test
  void mavenMatchesTheWrapper() throws IOException {
    var line = one("library/maven:(\\d+\\.\\d+)-", DOCKERFILE);
    var wrapper = properties(".mvn/wrapper/maven-wrapper.properties");
    assertThat(wrapper.getProperty("mavenVersion")).startsWith(line + ".");
  }

  @Test
  void copiedFilesExist() {
    var sources =
        all("^COPY --chown=quarkus:quarkus (.*) \\S+$", DOCKERFILE).stream()
            .flatMap(names -> Stream.of(names.split(" ")))
            .toList();
    assertThat(sources).contains("pom.xml", "mvnw", "src");
    assertThat(sources).allMatch(name -> Files.exists(Path.of(name)));
    // The context holds these and no more.
    assertThat(all("^!(.*)$", read(".dockerignore"))).containsExactlyInAnyOrderElementsOf(sources);
  }

  @Test
  void theExecutableOfTheBuildIsCopied() {
    var artifact = one("<artifactId>postern</artifactId>", POM, 0);
    assertThat(artifact).isNotEmpty();
    assertThat(DOCKERFILE).contains("/code/target/postern-*-runner ");
    assertThat(DOCKERFILE).contains("ENTRYPOINT [\"/usr/local/bin/postern\"]");
  }

  @Test
  void itRunsAsAnOrdinaryUser() {
    assertThat(all("^USER (.*)$", DOCKERFILE).getLast()).matches("[1-9]\\d*");
  }

  @Test
  void itExposesTheDefaultPorts() throws IOException {
    var settings = TestSettings.of();
    var ports =
        Stream.of(
                settings.imap().unencryptedOrTlsBindings(),
                settings.imap().sslBindings(),
                settings.pop3().unencryptedOrTlsBindings(),
                settings.pop3().sslBindings(),
                settings.lmtp().bindings())
            .flatMap(endpoints -> endpoints.orElse(List.of()).stream())
            .map(place -> Integer.toString(Endpoint.parse(place).port()));
    var platform = properties("src/main/resources/application.properties");
    var others =
        Stream.of(
            platform.getProperty("quarkus.http.port"),
            platform.getProperty("quarkus.management.port"));
    assertThat(one("^EXPOSE (.*)$", DOCKERFILE).split(" "))
        .containsExactlyInAnyOrderElementsOf(Stream.concat(ports, others).toList());
  }

  private static String read(String file) {
    return String.join("\n", Sources.lines(Path.of(file)));
  }

  private static Properties properties(String file) throws IOException {
    var properties = new Properties();
    try (var in = Files.newInputStream(Path.of(file))) {
      properties.load(in);
    }
    return properties;
  }

  private static List<String> all(String pattern, String text) {
    return found(pattern, text).map(match -> match.group(1)).toList();
  }

  private static String one(String pattern, String text) {
    return one(pattern, text, 1);
  }

  private static String one(String pattern, String text, int group) {
    return found(pattern, text).map(match -> match.group(group)).findFirst().orElseThrow();
  }

  private static Stream<MatchResult> found(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.MULTILINE).matcher(text).results();
  }
}
