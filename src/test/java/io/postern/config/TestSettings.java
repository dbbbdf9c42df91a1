package io.postern.config;

import io.smallrye.config.SmallRyeConfigBuilder;

/** Settings with their defaults, and what a test says. */
public final class TestSettings {
  private TestSettings() {}

  /** Live settings where {@code key=value} says otherwise than the default. */
  public static LiveSettings of(String... settings) {
    return of(LiveSettings.class, settings);
  }

  /** The same of the settings of the start. */
  public static BootSettings boot(String... settings) {
    return of(BootSettings.class, settings);
  }

  private static <T> T of(Class<T> mapping, String... settings) {
    var config = new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(mapping);
    for (var setting : settings) {
      int equals = setting.indexOf('=');
      config.withDefaultValue(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return config.build().getConfigMapping(mapping);
  }
}
