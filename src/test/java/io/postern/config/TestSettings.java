package io.postern.config;

import io.postern.config.area.Keys;
import io.postern.config.watch.Bounds;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.Config;

/** Settings: the defaults and those of a test. */
public final class TestSettings {
  private TestSettings() {}

  /** Live settings; {@code key=value} overrides the default. */
  public static LiveSettings of(String... settings) {
    return of(LiveSettings.class, true, settings);
  }

  /** Those of a server that runs, where nothing else is said. */
  public static LiveSettings over(Config now, List<String> settings) {
    var all = new ArrayList<String>();
    for (var name : now.getPropertyNames()) {
      if (name.startsWith("mail.")) {
        now.getOptionalValue(name, String.class).ifPresent(value -> all.add(name + "=" + value));
      }
    }
    all.addAll(settings);
    // Those of the start are among them.
    return of(LiveSettings.class, false, all.toArray(String[]::new));
  }

  /** The same of the settings of the start. */
  public static BootSettings boot(String... settings) {
    return of(BootSettings.class, true, settings);
  }

  /** The names of the keys that are hot. */
  public static List<String> hotKeys(LiveSettings settings) {
    return Bounds.of(settings).all().stream().map(Keys.Key::name).toList();
  }

  /** The names of the keys of the start. */
  public static List<String> bootKeys(BootSettings settings) {
    return Bounds.of(settings).all().stream().map(Keys.Key::name).toList();
  }

  private static <T> T of(Class<T> mapping, boolean known, String... settings) {
    var config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(mapping)
            .withValidateUnknown(known);
    for (var setting : settings) {
      int equals = setting.indexOf('=');
      config.withDefaultValue(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return config.build().getConfigMapping(mapping);
  }
}
