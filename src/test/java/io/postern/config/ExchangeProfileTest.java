package io.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.area.AuthSettings;
import io.postern.config.area.Keys;
import io.postern.config.watch.Bounds;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The profile {@code exchange-2016} of the package: defaults of Exchange where ours are others. */
class ExchangeProfileTest {
  private static final Path PACKAGED = Path.of("src/main/resources/application.properties");
  private static final String PREFIX = "%exchange-2016.";

  @Test
  void theProfileHasTheDefaultsOfExchange() throws IOException {
    var settings = settings("prod", "exchange-2016");
    assertThat(settings.imap().banner())
        .isEqualTo("The Microsoft Exchange IMAP4 service is ready.");
    assertThat(settings.pop3().banner()).isEqualTo("The Microsoft Exchange POP3 service is ready.");
    assertThat(settings.imap().maxCommandSize()).isEqualTo(octets(10_240));
    assertThat(settings.pop3().maxCommandSize()).isEqualTo(octets(512));
    assertThat(settings.maxReceiveSize()).isEqualTo(octets(10L << 20));
    assertThat(settings.mailbox().issueWarningQuota()).contains(octets(2_039_480_320));
    assertThat(settings.mailbox().prohibitSendQuota()).contains(octets(2L << 30));
    assertThat(settings.mailbox().prohibitSendReceiveQuota()).contains(octets(2_469_396_480L));
    assertThat(settings.imap().maxConnectionsPerUser()).isEqualTo(16);
    assertThat(settings.imap().loginType()).isEqualTo(AuthSettings.LoginType.SECURE_LOGIN);
    assertThat(settings.imap().enabled()).isFalse();
  }

  @Test
  void theProfileIsWithinTheBounds() throws IOException {
    assertThat(Bounds.of(settings("prod", "exchange-2016")).problems()).isEmpty();
  }

  @Test
  void withoutTheProfileNothingOfItApplies() throws IOException {
    var settings = settings("prod");
    assertThat(settings.imap().banner()).isEqualTo("Postern IMAP4 service is ready.");
    assertThat(settings.imap().maxCommandSize()).isEqualTo(octets(64 << 10));
    assertThat(settings.mailbox().prohibitSendReceiveQuota()).isEqualTo(Optional.empty());
  }

  @Test
  void everySettingOfTheProfileIsAnotherValueThanTheDefault() throws IOException {
    var defaults =
        Bounds.of(settings("prod")).all().stream()
            .collect(Collectors.toMap(Keys.Key::name, Keys.Key::value));
    var profile = Bounds.of(settings("prod", "exchange-2016")).all();
    var named =
        Files.readAllLines(PACKAGED).stream()
            .filter(line -> line.startsWith(PREFIX))
            .map(line -> line.substring(PREFIX.length(), line.indexOf('=')))
            .toList();
    assertThat(profile.stream().filter(key -> !key.value().equals(defaults.get(key.name()))))
        .extracting(Keys.Key::name)
        .containsExactlyInAnyOrderElementsOf(named);
  }

  private static LiveSettings settings(String... profiles) throws IOException {
    var properties = new Properties();
    properties.load(new StringReader(Files.readString(PACKAGED)));
    var values =
        properties.stringPropertyNames().stream()
            .filter(name -> name.contains("mail."))
            .collect(Collectors.toMap(name -> name, properties::getProperty));
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withProfiles(List.of(profiles))
        .withMapping(LiveSettings.class)
        .withValidateUnknown(false)
        .withSources(new PropertiesConfigSource(values, "the package", 100))
        .build()
        .getConfigMapping(LiveSettings.class);
  }

  private static MemorySize octets(long count) {
    return new MemorySize(BigInteger.valueOf(count));
  }
}
