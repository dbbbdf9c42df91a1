package io.postern.clients;

import io.postern.embedded.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Chromium opens the settings page of the packaged server. */
@Tag("clients")
@Timeout(600)
class SettingsPageInBrowserIT {
  @Test
  void isReadableOnEveryDeviceAndWithoutScript(@TempDir Path data) throws Exception {
    int page = FreePorts.one();
    try (var node =
        SingleNode.start(
            data,
            "-Dmail.settings-page.bindings=127.0.0.1:" + page,
            "-Dmail.settings-page.requests-per-minute=10000")) {
      Program.run(
          "page_story.py",
          node.ports(),
          "--page",
          Integer.toString(page),
          "--pictures",
          Files.createDirectories(Path.of("target", "settings-page")).toString());
    }
  }
}
