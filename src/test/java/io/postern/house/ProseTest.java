package io.postern.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a reader may rely on in every file. */
class ProseTest {

  @Test
  void everyRoomHasADescription() {
    var rooms = Sources.of(Sources.MAIN).stream().map(Path::getParent).distinct();
    assertThat(rooms.map(room -> room.resolve("package-info.java")))
        .allSatisfy(
            info -> {
              assertThat(info).exists();
              assertThat(Files.readString(info)).contains("/**");
            });
  }

  @Test
  void suppressedWarningsAreExplained() {
    assertThat(silencedWithoutReason()).isEmpty();
  }

  private static List<String> silencedWithoutReason() {
    var found = new ArrayList<String>();
    for (var file : Sources.of(Sources.MAIN, Sources.TEST)) {
      var before = "";
      for (var line : Sources.lines(file)) {
        var reasoned = line.contains("//") || before.strip().startsWith("//");
        if (line.strip().startsWith("@SuppressWarnings") && !reasoned) {
          found.add(file + ": " + line.strip());
        }
        before = line;
      }
    }
    return found;
  }
}
