package io.postern.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.config.TestSettings;
import io.postern.config.area.SiteSettings;
import io.postern.deploy.Manifests.Document;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two sites as one would deploy them: {@code k8s/overlays/multi-site}. */
class MultiSiteIT {
  private static List<Document> site(String name) throws Exception {
    return Manifests.rendered(Manifests.FOLDER.resolve("overlays/multi-site/" + name));
  }

  private static JsonNode server(List<Document> site) {
    return Manifests.one(site, "Deployment", "postern").at("/spec/template/spec/containers/0");
  }

  private static Map<String, String> environment(List<Document> site) {
    var all = new TreeMap<String, String>();
    server(site)
        .path("env")
        .forEach(it -> all.put(it.path("name").asText(), it.path("value").asText()));
    return all;
  }

  private static String value(Map<String, String> environment, String name) {
    return Objects.requireNonNull(environment.get(name), name);
  }

  @ParameterizedTest
  @CsvSource({"east,west", "west,east"})
  void aSiteReachesTheOtherAtItsPorts(String name, String other) throws Exception {
    var here = environment(site(name));
    assertThat(here).containsEntry("MAIL_SITE_NAME", name);
    var there = site(other);
    var service = Manifests.one(there, "Service", "postern-back-end");
    var host = "postern-back-end." + service.at("/metadata/namespace").asText() + ".svc";
    var ports = new TreeMap<String, Integer>();
    service
        .at("/spec/ports")
        .forEach(it -> ports.put(it.path("name").asText(), it.path("port").asInt()));
    for (var kind : Map.of("IMAP", "imap", "POP3", "pop3", "TRANSFER", "transfer").entrySet()) {
      var back = value(here, "MAIL_SITE_" + kind.getKey() + "_BACK_ENDS");
      var endpoint = SiteSettings.parseBackEnds(List.of(back)).get(other);
      assertThat(endpoint).as(back).hasSize(1);
      assertThat(endpoint.getFirst().host()).isEqualTo(host);
      assertThat(endpoint.getFirst().port()).isEqualTo(ports.get("site-" + kind.getValue()));
      assertThat(value(environment(there), "MAIL_SITE_" + kind.getKey() + "_BINDINGS"))
          .endsWith(":" + endpoint.getFirst().port());
    }
  }

  @ParameterizedTest
  @CsvSource({"east,west", "west,east"})
  void aSiteIsNamedByItsCertificateAndOpenToTheOtherAlone(String name, String other)
      throws Exception {
    var here = site(name);
    var certificate = Manifests.one(here, "Certificate", "postern-site").path("spec");
    assertThat(certificate.path("uris")).hasSize(1);
    assertThat(certificate.at("/uris/0").asText()).endsWith("/site/" + name);
    assertThat(certificate.path("usages")).hasSize(2);
    var volumes = Manifests.one(here, "Deployment", "postern").at("/spec/template/spec/volumes");
    assertThat(volumes.toString()).contains(certificate.path("secretName").asText());
    var policy = Manifests.one(here, "NetworkPolicy", "postern-site").path("spec");
    assertThat(policy.findValues("kubernetes.io/metadata.name"))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrder("postern-" + other, "postern-" + other, "postern-directory");
    var portNames =
        StreamSupport.stream(server(here).path("ports").spliterator(), false)
            .map(it -> it.path("name").asText())
            .toList();
    policy
        .at("/ingress/0/ports")
        .forEach(it -> assertThat(portNames).contains(it.path("port").asText()));
  }

  @Test
  void sitesHaveDifferentNumbersAndOneDirectory() throws Exception {
    var east = environment(site("east"));
    var west = environment(site("west"));
    assertThat(value(east, "MAIL_SITE_NUMBER")).isNotEqualTo(value(west, "MAIL_SITE_NUMBER"));
    var directory = "QUARKUS_DATASOURCE_DIRECTORY_REACTIVE_URL";
    assertThat(value(east, directory)).isEqualTo(value(west, directory));
    var rendered = site("directory");
    for (var document : rendered) {
      assertThat(StrictReader.read(document.content())).as(document.toString()).isNotNull();
    }
    var cluster = Manifests.one(rendered, "Cluster", "postern-db").path("metadata");
    assertThat(value(east, directory))
        .contains(
            cluster.path("name").asText() + "-rw." + cluster.path("namespace").asText() + ".svc");
    assertThat(Manifests.one(rendered, "NetworkPolicy", "postern-db").toString())
        .contains("postern-east", "postern-west");
  }

  @Test
  void environmentVariablesAreKnownSettings() throws Exception {
    var known =
        TestSettings.bootKeys(TestSettings.boot()).stream()
            .map(key -> key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"))
            .toList();
    assertThat(environment(site("east")).keySet())
        .filteredOn(name -> name.startsWith("MAIL_"))
        .hasSizeGreaterThan(5)
        .isSubsetOf(known);
  }
}
