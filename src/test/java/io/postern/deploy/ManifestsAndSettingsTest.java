package io.postern.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.config.TestSettings;
import io.postern.config.watch.Bounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The settings, ports and meters that {@code k8s/} refers to exist. */
class ManifestsAndSettingsTest {
  private static final JsonNode POD =
      Manifests.the("Deployment", "postern").at("/spec/template/spec");
  private static final JsonNode SETTINGS =
      Manifests.the("ConfigMap", "postern-settings").path("data");

  private static Properties application() throws IOException {
    var properties = new Properties();
    try (var in = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
      properties.load(in);
    }
    return properties;
  }

  @Test
  void everySettingIsKnownAndWithinItsBounds() {
    assertThat(SETTINGS.isEmpty()).isFalse();
    assertKnown(SETTINGS);
  }

  /** The files of a ConfigMap are settings that are hot, and can be put in force. */
  static void assertKnown(JsonNode files) {
    var lines = new ArrayList<String>();
    files.properties().forEach(e -> lines.add(e.getKey() + "=" + e.getValue().asText()));
    var settings = TestSettings.of(lines.toArray(String[]::new));
    assertThat(Bounds.problems(settings)).isEmpty();
    assertThat(TestSettings.hotKeys(settings))
        .containsAll(files.properties().stream().map(e -> e.getKey()).toList());
  }

  @Test
  void theTerminationGracePeriodCoversTheDrain() {
    assertEndsInTime(POD);
  }

  /** It accepts connections until cloud balancers send no more, then drains. */
  static void assertEndsInTime(JsonNode pod) {
    var drain = TestSettings.of().drain();
    var sleeps = pod.at("/containers/0/lifecycle/preStop/sleep/seconds").asLong();
    assertThat(sleeps).isBetween(20L, 30L);
    var ending = Duration.ofSeconds(sleeps + 10).plus(drain.spread()).plus(drain.lastCommand());
    assertThat(Duration.ofSeconds(pod.path("terminationGracePeriodSeconds").asLong()))
        .isGreaterThan(ending);
  }

  @Test
  void onlyKubernetesOpensTheManagementPortToOthers() throws IOException {
    assertThat(application().getProperty("quarkus.management.host")).isEqualTo("127.0.0.1");
    assertThat(application().getProperty("quarkus.http.host")).isEqualTo("127.0.0.1");
  }

  @Test
  void environmentVariablesAreKnownSettings() {
    var names = new TreeSet<String>();
    POD.findValues("env").forEach(env -> env.forEach(e -> names.add(e.path("name").asText())));
    assertThat(names).isNotEmpty();
    var known =
        TestSettings.bootKeys(TestSettings.boot()).stream()
            .map(key -> key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"))
            .toList();
    assertThat(names).filteredOn(name -> name.startsWith("MAIL_")).isSubsetOf(known);
    assertThat(names).allMatch(name -> name.startsWith("MAIL_") || name.startsWith("QUARKUS_"));
  }

  @Test
  void portsAreThoseOfTheSettings() throws IOException {
    var ports = new TreeSet<String>();
    POD.at("/containers/0/ports").forEach(p -> ports.add(port(p.path("containerPort"))));
    var properties = application();
    var expected = new TreeSet<String>();
    expected.add(properties.getProperty("quarkus.http.port"));
    expected.add(properties.getProperty("quarkus.management.port"));
    for (var setting : SETTINGS.properties()) {
      if (setting.getKey().endsWith("bindings")) {
        expected.add(setting.getValue().asText().replaceFirst(".*:", ""));
      }
    }
    assertThat(ports).isEqualTo(expected);
    var defaults = TestSettings.of();
    assertThat(defaults.imap().sslBindings().orElseThrow())
        .containsExactly(SETTINGS.path("mail.imap.ssl-bindings").asText());
    assertThat(defaults.pop3().unencryptedOrTlsBindings().orElseThrow())
        .containsExactly(SETTINGS.path("mail.pop3.unencrypted-or-tls-bindings").asText());
  }

  private static String port(JsonNode node) {
    return Integer.toString(node.asInt());
  }

  @Test
  void servicesAndProbesNamePortsOfThePod() {
    var names = new TreeSet<String>();
    POD.at("/containers/0/ports").forEach(p -> names.add(p.path("name").asText()));
    var used = new TreeSet<String>();
    for (var service : new String[] {"postern", "postern-internal", "postern-lmtp"}) {
      Manifests.the("Service", service)
          .at("/spec/ports")
          .forEach(
              p -> {
                used.add(p.path("targetPort").asText());
                assertThat(p.path("targetPort")).isEqualTo(p.path("name"));
              });
    }
    POD.findValues("httpGet").forEach(get -> used.add(get.path("port").asText()));
    assertThat(used).isEqualTo(names);
    var published = new ArrayList<Integer>();
    Manifests.the("Service", "postern")
        .at("/spec/ports")
        .forEach(p -> published.add(p.path("port").asInt()));
    assertThat(published).containsExactlyInAnyOrder(110, 143, 993, 995);
    // Prometheus and the kubelet come from outside of the pod.
    assertThat(environment("QUARKUS_MANAGEMENT_HOST")).isEqualTo("0.0.0.0");
    assertThat(POD.findValues("httpGet"))
        .allSatisfy(get -> assertThat(get.path("path").asText()).startsWith("/q/health/"));
  }

  @Test
  void settingsAndCertificateAreReadWhereTheyAreMounted() {
    var mounts = new TreeSet<String>();
    POD.at("/containers/0/volumeMounts").forEach(m -> mounts.add(m.path("mountPath").asText()));
    assertThat(mounts).contains(environment("MAIL_CONFIG_DIRECTORY"));
    assertThat(mounts)
        .contains(environment("MAIL_ADMIN_BOOTSTRAP_TOKEN_FILE").replaceFirst("/token$", ""));
    assertThat(mounts)
        .contains(
            environment("QUARKUS_TLS_MAIL_KEY_STORE_PEM_0_CERT").replaceFirst("/tls.crt$", ""))
        .contains(
            environment("QUARKUS_TLS_MAIL_KEY_STORE_PEM_0_KEY").replaceFirst("/tls.key$", ""));
  }

  private static String environment(String name) {
    for (var variable : POD.at("/containers/0/env")) {
      if (variable.path("name").asText().equals(name)) {
        return variable.path("value").asText();
      }
    }
    return "";
  }

  private static final Pattern METER = Pattern.compile("\"(mail\\.[a-z.]+)\"");
  private static final Pattern SERIES = Pattern.compile("\\bmail_[a-z_]+");

  @Test
  void alertsAndDashboardQueryExistingMeters() throws IOException {
    var known = new TreeSet<String>();
    try (var files = Files.walk(Path.of("src/main/java/io/postern"))) {
      for (var file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        var text = Files.readString(file);
        if (text.contains("import io.micrometer.")) {
          var found = METER.matcher(text);
          while (found.find()) {
            known.add(found.group(1).replace('.', '_'));
          }
        }
      }
    }
    assertThat(known).contains("mail_command");
    for (var file : new String[] {"prometheusrule.yaml", "dashboard.json"}) {
      var text = Files.readString(Manifests.FOLDER.resolve("components/monitoring/" + file));
      var asked = SERIES.matcher(text);
      var names = new TreeSet<String>();
      while (asked.find()) {
        names.add(
            asked
                .group()
                .replaceFirst("(_seconds)?(_bucket|_count|_sum|_max|_total|_bytes)?$", ""));
      }
      assertThat(known).as(file).containsAll(names);
    }
  }
}
