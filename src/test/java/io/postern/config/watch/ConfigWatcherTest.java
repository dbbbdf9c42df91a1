package io.postern.config.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.config.BootSettings;
import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.postern.config.watch.SettingsReport.Setting;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigWatcherTest {
  private static final String CANNOT_BE = "Not here.";

  @TempDir Path directory;

  private final Live live;

  ConfigWatcherTest() {
    live = new Live(io.postern.config.TestSettings.of());
  }

  private ConfigWatcher watcher(String... settings) {
    var config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withValidateUnknown(false)
            .withDefaultValue(DirectorySettings.KEY, directory.toString())
            .withSources(new DirectorySettings())
            .withMapping(LiveSettings.class)
            .withMapping(BootSettings.class);
    for (var setting : settings) {
      int equals = setting.indexOf('=');
      config.withSources(
          new io.smallrye.config.PropertiesConfigSource(
              Map.of(setting.substring(0, equals), setting.substring(equals + 1)), "test", 400));
    }
    var started = config.build();
    live.swap(started.getConfigMapping(LiveSettings.class));
    return new ConfigWatcher(
        started,
        started.getConfigMapping(BootSettings.class),
        live,
        asked -> asked.imap().banner().equals(CANNOT_BE) ? List.of("it cannot be") : List.of(),
        Clock.systemUTC());
  }

  private void write(String file, String text) {
    try {
      Files.writeString(directory.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As Kubernetes does: a new directory, then the link to it swapped by a rename. */
  private void mount(String version, Map<String, String> files) throws IOException {
    var made = Files.createDirectory(directory.resolve(".." + version));
    for (var file : files.entrySet()) {
      Files.writeString(made.resolve(file.getKey()), file.getValue());
      var link = directory.resolve(file.getKey());
      if (!Files.exists(link)) {
        Files.createSymbolicLink(link, Path.of("..data", file.getKey()));
      }
    }
    var next = directory.resolve("..data_tmp");
    Files.createSymbolicLink(next, Path.of(".." + version));
    Files.move(
        next,
        directory.resolve("..data"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static void settle(ConfigWatcher watcher) {
    watcher.poll();
    watcher.poll();
  }

  private static Setting setting(ConfigWatcher watcher, String key) {
    return watcher.report().settings().stream()
        .filter(it -> it.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void filesOfTheDirectoryAreInForceFromTheStart() {
    write("mail.imap.banner", "From a file.\n");
    var watcher = watcher();
    assertThat(live.now().imap().banner()).isEqualTo("From a file.");
    assertThat(setting(watcher, "mail.imap.banner").source()).isEqualTo("directory " + directory);
    assertThat(setting(watcher, "mail.pop3.banner").source()).isEqualTo("default");
    long before = live.generation();
    settle(watcher);
    assertThat(live.generation()).isEqualTo(before);
  }

  @Test
  void aSwappedLinkIsSeenByTheNextPoll() throws IOException {
    mount("1", Map.of("mail.imap.banner", "One."));
    var watcher = watcher();
    var banners = new ArrayList<String>();
    live.afterSwap(() -> banners.add(live.now().imap().banner()));
    mount("2", Map.of("mail.imap.banner", "Two.", "postern.properties", "mail.pop3.banner=Too."));
    watcher.poll();
    assertThat(live.now().imap().banner()).isEqualTo("Two.");
    assertThat(live.now().pop3().banner()).isEqualTo("Too.");
    assertThat(banners).containsExactly("Two.");
    mount("3", Map.of("mail.imap.authenticated-connection-timeout", "45m"));
    watcher.poll();
    assertThat(live.now().imap().banner()).isEqualTo("Postern IMAP4 service is ready.");
    assertThat(live.now().imap().authenticatedConnectionTimeout())
        .isEqualTo(Duration.ofMinutes(45));
  }

  @Test
  void anEmptyListOfEndpointsListensNowhere() throws IOException {
    var keys =
        List.of(
            "mail.imap.unencrypted-or-tls-bindings",
            "mail.imap.ssl-bindings",
            "mail.imap.proxy-unencrypted-or-tls-bindings",
            "mail.imap.proxy-ssl-bindings",
            "mail.pop3.unencrypted-or-tls-bindings",
            "mail.pop3.ssl-bindings",
            "mail.lmtp.bindings");
    mount("1", keys.stream().collect(Collectors.toMap(key -> key, key -> "")));
    var watcher = watcher();
    assertThat(live.now().imap().sslBindings()).isEmpty();
    assertThat(live.now().lmtp().bindings()).isEmpty();
    mount("2", keys.stream().collect(Collectors.toMap(key -> key, key -> "127.0.0.1:1993")));
    watcher.poll();
    assertThat(live.now().imap().sslBindings()).contains(List.of("127.0.0.1:1993"));
    mount("3", keys.stream().collect(Collectors.toMap(key -> key, key -> "\n")));
    watcher.poll();
    assertThat(watcher.report().lastError()).isEmpty();
    for (var key : keys) {
      assertThat(setting(watcher, key).value()).as(key).isEmpty();
    }
    assertThat(live.now().pop3().unencryptedOrTlsBindings()).isEmpty();
  }

  /** A switch, a time, a size, a word: there is no such thing as none of it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mail.imap.enabled",
        "mail.imap.idle-heartbeat",
        "mail.max-receive-size",
        "mail.log.format",
        "mail.lmtp.trusted-networks",
        "mail.trace.endpoint"
      })
  void anEmptyRequiredSettingIsNamedWithItsRange(String key) throws IOException {
    var watcher = watcher();
    mount("1", Map.of(key, ""));
    watcher.poll();
    assertThat(watcher.report().lastError().orElseThrow().problems())
        .singleElement()
        .asString()
        .startsWith(key + " is \"\", but ")
        .endsWith(" is allowed");
  }

  @Test
  void anEditedFileIsAppliedWhenItIsUnchangedForOnePoll() {
    var watcher = watcher();
    write("mail.imap.banner", "Half");
    watcher.poll();
    write("mail.imap.banner", "Half of it no more.");
    watcher.poll();
    assertThat(live.now().imap().banner()).isEqualTo("Postern IMAP4 service is ready.");
    watcher.poll();
    assertThat(live.now().imap().banner()).isEqualTo("Half of it no more.");
  }

  @Test
  void oneBadKeyChangesNothingAndIsCountedOnce() throws IOException {
    var watcher = watcher();
    long before = live.generation();
    mount("1", Map.of("mail.imap.banner", "Good.", "mail.imap.max-command-size", "512"));
    watcher.poll();
    watcher.poll();
    assertThat(live.generation()).isEqualTo(before);
    assertThat(live.now().imap().banner()).isEqualTo("Postern IMAP4 service is ready.");
    assertThat(watcher.errors()).isEqualTo(1);
    assertThat(watcher.inForce()).isFalse();
    assertThat(watcher.report().lastError().orElseThrow().problems())
        .containsExactly(
            "mail.imap.max-command-size is 512 octets, but 1024 to 1048576 octets are allowed");
    mount("2", Map.of("mail.imap.banner", "Good."));
    watcher.poll();
    assertThat(live.now().imap().banner()).isEqualTo("Good.");
    assertThat(watcher.inForce()).isTrue();
    assertThat(watcher.report().lastError()).isEmpty();
    assertThat(watcher.errors()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "mail.imap.bannr # x # mail.imap.bannr is no setting; did you mean mail.imap.banner?",
        "mail.imap.enable # true # mail.imap.enable is no setting; did you mean mail.imap.enabled?",
        "mail.wholly.other.thing # x # mail.wholly.other.thing is no setting",
        "imap.banner # x # imap.banner is no setting: their names begin with mail. or quarkus.",
        "mail.imap.max-protocol-errors # ten # mail.imap.max-protocol-errors is \"ten\", but 1 to"
            + " 1000 is allowed",
        "mail.imap.idle-heartbeat # soon # mail.imap.idle-heartbeat is \"soon\", but PT10S to PT29M"
            + " is allowed",
        "mail.imap.enabled # perhaps # mail.imap.enabled is \"perhaps\", but true or false is"
            + " allowed",
        "mail.pop3.message-retrieval-sort-order # sideways # mail.pop3.message-retrieval-sort-order"
            + " is \"sideways\", but ascending | descending is allowed",
      },
      quoteCharacter = '`')
  void invalidValuesAreReportedWithTheirRange(String key, String value, String problem) {
    var watcher = watcher();
    write(key, value);
    settle(watcher);
    assertThat(watcher.report().lastError().orElseThrow().problems()).containsExactly(problem);
  }

  @Test
  void anUnknownKeyStopsTheStart() {
    assertThatThrownBy(() -> watcher("mail.imap.baner=x"))
        .hasMessageContaining("mail.imap.baner is no setting; did you mean mail.imap.banner?");
  }

  @Test
  void aKeyMustNotBeSetTwice() {
    var watcher = watcher();
    write("mail.imap.banner", "One.");
    write("more.properties", "mail.imap.banner=Two.");
    settle(watcher);
    assertThat(watcher.report().lastError().orElseThrow().problems())
        .containsExactly(
            "mail.imap.banner is set twice: in mail.imap.banner and in more.properties");
  }

  @Test
  void filesThatCannotBeReadAreNamed() throws IOException {
    var watcher = watcher();
    Files.write(directory.resolve("mail.imap.banner"), new byte[] {(byte) 0xff, (byte) 0xfe});
    settle(watcher);
    assertThat(watcher.report().lastError().orElseThrow().problems())
        .containsExactly("the file mail.imap.banner cannot be read: it is not UTF-8");
  }

  @Test
  void settingsThatAValidatorRejectsAreNotApplied() {
    var watcher = watcher();
    write("mail.imap.banner", CANNOT_BE);
    write("mail.pop3.banner", "Here.");
    settle(watcher);
    assertThat(watcher.report().lastError().orElseThrow().problems())
        .containsExactly("it cannot be");
    assertThat(watcher.errors()).isEqualTo(1);
    assertThat(live.now().pop3().banner()).isNotEqualTo("Here.");
    write("mail.imap.banner", "Here, too.");
    settle(watcher);
    assertThat(watcher.inForce()).isTrue();
    assertThat(live.now().pop3().banner()).isEqualTo("Here.");
  }

  @Test
  void theCommandLineTakesPrecedenceAndIsReported() {
    var watcher = watcher("mail.imap.banner=Given.");
    write("mail.imap.banner", "From a file.");
    settle(watcher);
    assertThat(live.now().imap().banner()).isEqualTo("Given.");
    assertThat(setting(watcher, "mail.imap.banner").source()).isEqualTo("test");
  }

  @Test
  void aDirectorySwappedDuringAReadIsNotMixed() throws IOException {
    mount("1", Map.of("mail.imap.banner", "One.", "mail.pop3.banner", "One."));
    var first = new SettingsDirectory(directory);
    int versions = 40;
    var writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 2; i < versions; i++) {
                    try {
                      mount(
                          Integer.toString(i),
                          Map.of("mail.imap.banner", i + ".", "mail.pop3.banner", i + "."));
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  }
                });
    while (writer.isAlive()) {
      assertThat(Set.copyOf(first.read().values().values())).hasSize(1);
    }
  }

  @Test
  void backupFilesOfEditorsAreIgnored() {
    var watcher = watcher();
    write("mail.imap.banner~", "Old.");
    write(".mail.imap.banner.swp", "Older.");
    settle(watcher);
    assertThat(watcher.inForce()).isTrue();
  }

  @Test
  void theClosestNameHasTheLeastEditDistance() {
    assertThat(ClosestName.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(ClosestName.distance("", "abc")).isEqualTo(3);
    assertThat(ClosestName.to("abd", List.of("abc", "xyz"))).contains("abc");
    assertThat(ClosestName.to("abd", List.of("uvw", "xyz"))).isEmpty();
  }
}
