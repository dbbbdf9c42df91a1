package io.postern.config.watch;

import io.postern.config.BootSettings;
import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.postern.config.area.Keys;
import io.postern.config.watch.ConfigBuilder.BuildResult;
import io.postern.config.watch.SettingsDirectory.Content;
import io.postern.config.watch.SettingsReport.RejectedFiles;
import io.postern.config.watch.SettingsReport.Setting;
import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Polls the directory {@code mail.config.directory} and puts its changes in force, all of them or
 * none. May be used from any thread.
 */
public final class ConfigWatcher implements SettingsReport.Reporter {
  private static final Logger LOG = System.getLogger(ConfigWatcher.class.getName());

  /**
   * The current state.
   *
   * @param read the files that were checked last, applied or not
   * @param applied the files in force
   */
  private record State(
      Content read,
      Map<String, String> applied,
      Keys keys,
      Map<String, String> sources,
      Instant since,
      Optional<RejectedFiles> rejected,
      long errors) {
    State reject(Content content, RejectedFiles why) {
      return new State(content, applied, keys, sources, since, Optional.of(why), errors + 1);
    }
  }

  /** Rejects settings that are within their bounds but that this process cannot apply now. */
  @FunctionalInterface
  public interface Validator {
    /** Returns why they cannot be put in force; empty when they can. */
    List<String> problems(LiveSettings settings);
  }

  private final Live live;
  private final Validator validator;
  private final InstantSource clock;
  private final Keys boot;
  private final Map<String, String> bootSources;
  private final ConfigBuilder builder;
  private final Optional<SettingsDirectory> directory;

  private final ReentrantLock pollLock = new ReentrantLock();

  /** The content at the last poll, to detect files that are still being written. */
  private Content lastPolled = Content.NONE;

  private volatile State state;

  /**
   * @param started what the process was started with, including the directory's files
   * @throws IllegalArgumentException when it has unknown keys, or switches that are neither on nor
   *     off
   */
  public ConfigWatcher(
      SmallRyeConfig started,
      BootSettings settings,
      Live live,
      Validator validator,
      InstantSource clock) {
    this.live = live;
    this.validator = validator;
    this.clock = clock;
    this.boot = Bounds.of(settings);
    this.directory = settings.config().directory().map(it -> new SettingsDirectory(Path.of(it)));
    this.bootSources = ConfigBuilder.sources(started, ConfigBuilder.names(boot));
    this.builder =
        new ConfigBuilder(
            started, settings.config().directory().orElse("none"), ConfigBuilder.names(boot));
    var keys = Bounds.of(live.now());
    var problems = builder.problems(started, keys);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "The settings cannot be put in force: " + String.join("; ", problems));
    }
    var files = files(started);
    this.state =
        new State(
            new Content(files, List.of(), true),
            files,
            keys,
            ConfigBuilder.sources(started, ConfigBuilder.names(keys)),
            clock.instant(),
            Optional.empty(),
            0);
  }

  private static Map<String, String> files(SmallRyeConfig started) {
    return StreamSupport.stream(started.getConfigSources().spliterator(), false)
        .filter(DirectorySettings::isOurs)
        .findFirst()
        .map(source -> Map.copyOf(source.getProperties()))
        .orElse(Map.of());
  }

  /** Reads the files and puts a change in force. Blocks; one poll runs at a time. */
  public void poll() {
    if (directory.isEmpty()) {
      return;
    }
    pollLock.lock();
    try {
      check(directory.get().read());
    } catch (IOException e) {
      // Most likely the files changed during the read; the next poll retries.
      LOG.log(Level.DEBUG, "the settings could not be read; the next poll retries", e);
    } finally {
      pollLock.unlock();
    }
  }

  private void check(Content content) {
    boolean settled = content.whole() || content.hasSameContent(lastPolled);
    lastPolled = content;
    if (!settled || content.hasSameContent(state.read)) {
      return;
    }
    if (!content.problems().isEmpty()) {
      reject(content, content.problems());
      return;
    }
    switch (builder.build(content.values(), state.keys)) {
      case BuildResult.Invalid(var problems) -> reject(content, problems);
      case BuildResult.Valid valid -> {
        var problems = validator.problems(valid.settings());
        if (problems.isEmpty()) {
          apply(content, valid);
        } else {
          reject(content, problems);
        }
      }
    }
  }

  private void reject(Content content, List<String> problems) {
    LOG.log(
        Level.ERROR,
        "The changed settings are rejected, those in force stay: " + String.join("; ", problems));
    state = state.reject(content, new RejectedFiles(clock.instant(), problems));
  }

  private void apply(Content content, BuildResult.Valid valid) {
    var before = state;
    state =
        new State(
            content,
            content.values(),
            valid.keys(),
            valid.sources(),
            clock.instant(),
            Optional.empty(),
            before.errors);
    live.swap(valid.settings());
    LOG.log(
        Level.INFO,
        "Settings of generation {0} are in force: {1}",
        Long.toString(live.generation()),
        String.join(", ", changed(before.keys, valid.keys())));
    logNeedsRestart(before.applied, content.values(), valid.keys());
  }

  private static List<String> changed(Keys before, Keys after) {
    var changed = new ArrayList<String>();
    var old = before.all().stream();
    var values = old.collect(Collectors.toMap(Keys.Key::name, Keys.Key::value));
    for (var key : after.all()) {
      if (!Objects.equals(values.get(key.name()), key.value())) {
        changed.add(key.name() + "=" + key.value());
      }
    }
    return changed;
  }

  /** Logs the changed keys that need a restart. */
  private void logNeedsRestart(Map<String, String> before, Map<String, String> after, Keys hot) {
    var keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    keys.removeIf(key -> Objects.equals(before.get(key), after.get(key)));
    ConfigBuilder.names(hot).forEach(keys::remove);
    if (!keys.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "These settings take effect at the next start: " + String.join(", ", keys));
    }
  }

  @Override
  public long errors() {
    return state.errors;
  }

  @Override
  public boolean inForce() {
    return state.rejected.isEmpty();
  }

  @Override
  public SettingsReport report() {
    var now = state;
    var hot = now.keys.all().stream().map(key -> setting(key, now.sources, true));
    var cold = boot.all().stream().map(key -> setting(key, bootSources, false));
    var all = Stream.concat(hot, cold).sorted(Comparator.comparing(Setting::key)).toList();
    return new SettingsReport(live.generation(), now.since, now.rejected, all);
  }

  private static Setting setting(Keys.Key key, Map<String, String> sources, boolean hot) {
    var source = sources.getOrDefault(key.name(), "default");
    return new Setting(key.name(), key.value(), source, key.allowed(), hot);
  }
}
