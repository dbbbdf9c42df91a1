package io.postern.config;

import io.smallrye.config.SmallRyeConfigBuilder;

/** Live settings with their defaults, and what a test says. */
public final class TestSettings {
  private TestSettings() {}

  /** Settings where {@code key=value} says otherwise than the default. */
  public static LiveSettings of(String... settings) {
    var config =
        new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(LiveSettings.class);
    for (var setting : settings) {
      int equals = setting.indexOf('=');
      config.withDefaultValue(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return config.build().getConfigMapping(LiveSettings.class);
  }
}
