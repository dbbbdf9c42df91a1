package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.Bounds;
import io.postern.config.Keys;
import io.postern.config.TestSettings;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class HotKeysListedTest {
  @Test
  void everyHotKeyHasAScenario() {
    var keys = Bounds.of(TestSettings.of()).all().stream().map(Keys.Key::name);
    var known = new HashSet<>(HotKeys.ALL.keySet());
    known.addAll(HotKeys.AWAITED);
    assertThat(known).containsExactlyInAnyOrderElementsOf(keys.toList());
    assertThat(HotKeys.ALL).doesNotContainKeys(HotKeys.AWAITED.toArray(String[]::new));
  }
}
