package io.postern.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.ApplicationIT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.suite.api.SelectClasses;

/** Each test that runs the application in its own process runs once: in the suite. */
class ApplicationTestsTest {
  private static final Path EXCLUDED = Path.of("src/test/application-tests.txt");
  private static final String SUFFIX = ".java";

  @Test
  void theSuiteRunsThemAll() {
    var selected = ApplicationIT.class.getAnnotation(SelectClasses.class).names();
    assertThat(selected).isNotEmpty().containsExactlyInAnyOrderElementsOf(annotated());
  }

  @Test
  void theBuildRunsNoneOfThemAgain() throws IOException {
    var excluded =
        Files.readAllLines(EXCLUDED).stream()
            .filter(line -> !line.startsWith("#"))
            .map(ApplicationTestsTest::className)
            .toList();
    assertThat(excluded).containsExactlyInAnyOrderElementsOf(annotated());
  }

  private static List<String> annotated() {
    return Sources.of(Sources.TEST).stream()
        .filter(file -> Sources.lines(file).contains("@QuarkusTest"))
        .map(file -> className(Sources.TEST.relativize(file).toString()))
        .toList();
  }

  private static String className(String file) {
    assertThat(file).endsWith(SUFFIX);
    return file.substring(0, file.length() - SUFFIX.length()).replace('/', '.');
  }
}
