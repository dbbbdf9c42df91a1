package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.TestSettings;
import io.postern.config.area.Keys;
import io.postern.config.watch.Bounds;
import org.junit.jupiter.api.Test;

/** What may be changed under a running server is tried there ({@link HotKeysIT}), all of it. */
class HotKeysListedTest {
  @Test
  void everyHotKeyHasAScenario() {
    var keys = Bounds.of(TestSettings.of()).all().stream().map(Keys.Key::name);
    assertThat(HotKeys.ALL.keySet()).containsExactlyInAnyOrderElementsOf(keys.toList());
  }
}
