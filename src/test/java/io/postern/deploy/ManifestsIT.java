package io.postern.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.deploy.Manifests.Document;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents of {@code k8s/} are what Kubernetes takes, and agree with each other. */
class ManifestsIT {
  static List<Document> all() {
    return Manifests.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  void documentsMatchTheirKubernetesTypes(Document document) throws Exception {
    assertThat(StrictReader.read(document.content())).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/spec/template/spec/securityContext/runAsNonRot",
        "/spec/replica",
        "/spec/template/spec/terminationGracePeriodSecond",
        "/spec/template/metadata/label"
      })
  void aMisspelledFieldIsDetected(String pointer) {
    var wrong = Manifests.the("Deployment", "postern").deepCopy();
    int slash = pointer.lastIndexOf('/');
    ((ObjectNode) wrong.at(pointer.substring(0, slash))).put(pointer.substring(slash + 1), "x");
    assertThatThrownBy(() -> StrictReader.read(wrong))
        .hasMessageContaining(pointer.substring(slash + 1));
  }

  @Test
  void aValueOfTheWrongTypeIsDetected() {
    var wrong = Manifests.the("Deployment", "postern").deepCopy();
    ((ObjectNode) wrong.path("spec")).put("replicas", "many");
    assertThatThrownBy(() -> StrictReader.read(wrong)).hasMessageContaining("many");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "overlays/single",
        "overlays/ha",
        "overlays/multi-site/east",
        "overlays/multi-site/west"
      })
  void anOverlayRenders(String overlay) throws Exception {
    var rendered = Manifests.rendered(Manifests.FOLDER.resolve(overlay));
    assertThat(rendered).hasSizeGreaterThan(10);
    for (var document : rendered) {
      assertThat(StrictReader.read(document.content())).as(document.toString()).isNotNull();
    }
    var pod = Manifests.one(rendered, "Deployment", "postern").at("/spec/template/spec");
    assertThat(pod.at("/containers/0/image"))
        .hasToString("\"registry.example.test/postern:1.0.0\"");
    ManifestsAndSettingsTest.assertEndsInTime(pod);
    var settings = Manifests.one(rendered, "ConfigMap", "postern-settings").path("data");
    ManifestsAndSettingsTest.assertKnown(settings);
    assertThat(settings.has("mail.lmtp.trusted-networks")).isTrue();
  }

  @Test
  void onlyOneAutoscalerIsAtWork() throws Exception {
    var kinds =
        Manifests.rendered(Manifests.FOLDER.resolve("overlays/ha")).stream().map(Document::kind);
    assertThat(kinds).contains("HorizontalPodAutoscaler").doesNotContain("ScaledObject");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "keda",
        "proxy-protocol",
        "settings-page",
        "no-admin-token",
        "egress-identity-provider",
        "egress-directory",
        "egress-collector"
      })
  void theOtherComponentsRenderToo(String component) throws Exception {
    for (var document : Manifests.renderedWith(component)) {
      assertThat(StrictReader.read(document.content())).as(document.toString()).isNotNull();
      if (document.name().equals("postern-settings")) {
        ManifestsAndSettingsTest.assertKnown(document.content().path("data"));
      }
    }
  }

  @Test
  void withoutATokenItsSecretIsNotReferredTo() throws Exception {
    var pod =
        Manifests.one(Manifests.renderedWith("no-admin-token"), "Deployment", "postern")
            .at("/spec/template/spec");
    assertThat(pod.toString()).doesNotContain("admin-token", "postern-admin", "BOOTSTRAP_TOKEN");
    assertThat(pod.toString()).contains("/etc/postern-tls");
  }

  @Test
  void backupsAreWrittenByTheDatabaseThatTheyAreOf() throws Exception {
    var rendered = Manifests.renderedWith("postgres-cnpg", "postgres-cnpg-backup");
    for (var document : rendered) {
      assertThat(StrictReader.read(document.content())).as(document.toString()).isNotNull();
    }
    var plugin = Manifests.one(rendered, "Cluster", "postern-db").at("/spec/plugins/0");
    assertThat(plugin.at("/parameters/barmanObjectName").asText())
        .isEqualTo(
            Manifests.one(rendered, "ObjectStore", "postern-backup").at("/metadata/name").asText());
    assertThat(plugin.path("isWALArchiver").asBoolean()).isTrue();
    var backup = Manifests.one(rendered, "ScheduledBackup", "postern-db").path("spec");
    assertThat(backup.at("/cluster/name").asText()).isEqualTo("postern-db");
    assertThat(backup.at("/pluginConfiguration/name")).isEqualTo(plugin.path("name"));
    // Six fields, the first of which are seconds.
    assertThat(backup.path("schedule").asText().split(" ")).hasSize(6);
  }

  @Test
  void aRestoredDatabaseReadsTheOldArchiveAndWritesAnother() throws Exception {
    var rendered =
        Manifests.renderedWith("postgres-cnpg", "postgres-cnpg-backup", "postgres-cnpg-restore");
    var cluster = Manifests.one(rendered, "Cluster", "postern-db");
    assertThat(StrictReader.read(cluster)).isNotNull();
    var recovery = cluster.at("/spec/bootstrap/recovery");
    var archive = cluster.at("/spec/externalClusters/0");
    assertThat(recovery.path("source")).isEqualTo(archive.path("name"));
    assertThat(recovery.at("/recoveryTarget/targetTime").asText()).isNotEmpty();
    assertThat(cluster.at("/spec/bootstrap/initdb").isMissingNode()).isTrue();
    var from = archive.at("/plugin/parameters");
    var to = cluster.at("/spec/plugins/0/parameters");
    assertThat(to.path("barmanObjectName")).isEqualTo(from.path("barmanObjectName"));
    assertThat(to.path("serverName").asText()).isNotEqualTo(from.path("serverName").asText());
  }

  @Test
  void anUnreadyPodDoesNotBlockTheDrainOfItsNode() {
    var budget = Manifests.the("PodDisruptionBudget", "postern").path("spec");
    assertThat(budget.path("maxUnavailable").asInt()).isEqualTo(1);
    assertThat(budget.path("unhealthyPodEvictionPolicy").asText()).isEqualTo("AlwaysAllow");
  }

  @Test
  void whatThePrometheusOperatorReadsHasTheLabelOfItsStack() {
    assertThat(Manifests.all())
        .filteredOn(document -> document.kind().matches("ServiceMonitor|PodMonitor|PrometheusRule"))
        .hasSize(4)
        .allSatisfy(
            document ->
                assertThat(document.content().at("/metadata/labels/release").asText())
                    .isEqualTo("kube-prometheus-stack"));
  }

  @Test
  void selectorsFindThePods() {
    var labels = Manifests.the("Deployment", "postern").at("/spec/template/metadata/labels");
    for (var selector :
        List.of(
            Manifests.the("Deployment", "postern").at("/spec/selector/matchLabels"),
            Manifests.the("Service", "postern").at("/spec/selector"),
            Manifests.the("Service", "postern-internal").at("/spec/selector"),
            Manifests.the("Service", "postern-lmtp").at("/spec/selector"),
            Manifests.the("PodDisruptionBudget", "postern").at("/spec/selector/matchLabels"),
            Manifests.the("NetworkPolicy", "postern").at("/spec/podSelector/matchLabels"))) {
      assertThat(selector.isEmpty()).isFalse();
      selector
          .properties()
          .forEach(e -> assertThat(labels.get(e.getKey())).isEqualTo(e.getValue()));
    }
  }

  @Test
  void referencedObjectsExist() throws Exception {
    var secrets = new TreeSet<String>();
    var settings = new TreeSet<String>();
    for (var document : Manifests.all()) {
      document.content().findValues("secretKeyRef").forEach(r -> secrets.add(text(r, "name")));
      document.content().findValues("secretName").forEach(name -> secrets.add(name.asText()));
      document.content().findValues("accessKeyId").forEach(r -> secrets.add(text(r, "name")));
      document.content().findValues("configMap").forEach(r -> settings.add(text(r, "name")));
    }
    for (var patch : Manifests.patches()) {
      patch.findValues("secretKeyRef").forEach(r -> secrets.add(text(r, "name")));
      patch.findValues("secretName").forEach(name -> secrets.add(name.asText()));
    }
    var made = new TreeSet<>(names("Secret"));
    Manifests.all().stream()
        .filter(document -> document.kind().equals("Certificate"))
        .forEach(document -> made.add(document.content().at("/spec/secretName").asText()));
    assertThat(made).isEqualTo(secrets);
    assertThat(names("ConfigMap")).containsAll(settings);
    var scaled =
        Stream.of("HorizontalPodAutoscaler", "ScaledObject")
            .map(kind -> Manifests.the(kind, "postern").at("/spec/scaleTargetRef/name").asText());
    assertThat(scaled).containsOnly("postern");
  }

  private static Set<String> names(String kind) {
    var names = new TreeSet<String>();
    Manifests.all().stream().filter(d -> d.kind().equals(kind)).forEach(d -> names.add(d.name()));
    return names;
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }

  static List<Document> podsOf() {
    return Manifests.all().stream()
        .filter(d -> d.kind().equals("Deployment") || d.kind().equals("StatefulSet"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("podsOf")
  void podsHaveNoUnneededPrivileges(Document document) {
    var pod = document.content().at("/spec/template/spec");
    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    var containers =
        Stream.of("containers", "initContainers")
            .flatMap(kind -> StreamSupport.stream(pod.path(kind).spliterator(), false))
            .toList();
    assertThat(containers)
        .isNotEmpty()
        .allSatisfy(
            container -> {
              var context = container.path("securityContext");
              assertThat(context.path("readOnlyRootFilesystem").asBoolean()).isTrue();
              assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
              assertThat(context.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
              assertThat(container.at("/resources/limits/memory").asText()).isNotEmpty();
              assertThat(container.at("/resources/requests/cpu").asText()).isNotEmpty();
            });
  }

  @Test
  void settingsAreMountedAsADirectoryAndKeepTheirName() throws Exception {
    var container = Manifests.the("Deployment", "postern").at("/spec/template/spec/containers/0");
    assertThat(container.findValues("subPath")).isEmpty();
    assertThat(container.findValues("subPathExpr")).isEmpty();
    assertThat(Files.readString(Manifests.FOLDER.resolve("base/kustomization.yaml")))
        .doesNotContain("configMapGenerator");
  }
}
