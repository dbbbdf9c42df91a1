package io.postern.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents: short enough to be read, complete, and without broken links. */
class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final Path DOCS = Path.of("src/main/docs");
  private static final Path ROOT = Sources.MAIN.resolve("io/postern");
  private static final int MAX_LINES = 200;

  /** A link to a file or a heading: {@code [text](file#heading)}. */
  private static final Pattern LINK = Pattern.compile("\\[[^]]+]\\(([^)#:]*)(#[^)]*)?\\)");

  @Test
  void theReadmeHasAtMost200Lines() {
    assertThat(Sources.lines(README)).hasSizeLessThanOrEqualTo(MAX_LINES);
  }

  @Test
  void theReadmeNamesEveryRoom() throws IOException {
    var text = Files.readString(README);
    assertThat(Sources.of(Sources.MAIN).stream().map(Path::getParent).distinct())
        .allSatisfy(
            room -> {
              var name = ROOT.relativize(room).toString().replace('/', '.');
              assertThat(text)
                  .as("room %s", name)
                  .containsAnyOf("`" + name + "`", "`" + room.getFileName() + "`");
            });
  }

  @Test
  void linksLeadToExistingFilesAndHeadings() throws IOException {
    for (var document : documents()) {
      var links = LINK.matcher(Files.readString(document));
      while (links.find()) {
        var target = links.group(1).isEmpty() ? document : document.resolveSibling(links.group(1));
        assertThat(target).as("link in %s", document).exists();
        if (links.group(2) != null) {
          assertThat(headings(target)).as("headings of %s", target).contains(links.group(2));
        }
      }
    }
  }

  private static List<Path> documents() throws IOException {
    try (var docs = Files.list(DOCS)) {
      return Stream.concat(Stream.of(README), docs.filter(it -> it.toString().endsWith(".md")))
          .toList();
    }
  }

  /** The anchors that GitHub gives to headings. */
  private static List<String> headings(Path document) {
    return Sources.lines(document).stream()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> "#" + line.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .toList();
  }
}
