package io.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.area.Keys;
import io.postern.config.watch.Bounds;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KeysTest {
  @Test
  void everyKeyOfTheMappingsIsDeclaredAndNoOther() {
    assertThat(names(Bounds.of(TestSettings.of())))
        .containsExactlyInAnyOrderElementsOf(mapped(LiveSettings.class));
    assertThat(names(Bounds.of(TestSettings.boot())))
        .containsExactlyInAnyOrderElementsOf(mapped(BootSettings.class));
  }

  @Test
  void noKeyIsBothLiveAndForTheStart() {
    assertThat(names(Bounds.of(TestSettings.of())))
        .doesNotContainAnyElementsOf(names(Bounds.of(TestSettings.boot())));
  }

  private static List<String> names(Keys keys) {
    return keys.all().stream().map(Keys.Key::name).toList();
  }

  private static Set<String> mapped(Class<?> mapping) {
    return ConfigClass.configClass(mapping).getProperties().keySet().stream()
        .map(key -> key.replaceFirst("\\[\\*]$", ""))
        .collect(Collectors.toSet());
  }
}
