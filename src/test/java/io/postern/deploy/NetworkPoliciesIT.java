package io.postern.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.deploy.Manifests.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The allowed connections in the cluster, and the networks that the server trusts. */
class NetworkPoliciesIT {
  private static final String SERVER = "app.kubernetes.io/component";
  private static final String NAMESPACE = "kubernetes.io/metadata.name";

  static List<Document> policies() {
    return Manifests.all().stream().filter(it -> it.kind().equals("NetworkPolicy")).toList();
  }

  private static Stream<JsonNode> elements(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  /** A label alone opens a port to every user who can create a pod. */
  @ParameterizedTest
  @MethodSource("policies")
  void otherNamespacesAreNamed(Document policy) {
    for (var selector : policy.content().findValues("namespaceSelector")) {
      assertThat(selector.at("/matchLabels").path(NAMESPACE).asText()).isNotEmpty();
    }
    for (var selector : policy.content().findValues("podSelector")) {
      assertThat(selector.isEmpty()).isFalse();
    }
  }

  @Test
  void administrationAndDeliveryAreOpenToOneNamespaceEach() {
    var ingress = Manifests.the("NetworkPolicy", "postern").at("/spec/ingress");
    for (var port : List.of("lmtp", "admin", "management")) {
      var rules =
          elements(ingress)
              .filter(rule -> elements(rule.path("ports")).anyMatch(p -> names(p, port)))
              .toList();
      assertThat(rules).as(port).hasSize(1);
      assertThat(rules.getFirst().path("from")).as(port).hasSize(1);
      assertThat(rules.getFirst().path("ports")).as(port).hasSize(1);
      assertThat(rules.getFirst().at("/from/0/namespaceSelector").isMissingNode()).isFalse();
    }
  }

  private static boolean names(JsonNode port, String name) {
    return port.path("port").asText().equals(name);
  }

  @Test
  void dnsIsAllowedToTheClusterServiceAndTheNodeCache() {
    var rule =
        elements(Manifests.the("NetworkPolicy", "postern").at("/spec/egress"))
            .filter(it -> elements(it.path("ports")).allMatch(port -> names(port, "53")))
            .findFirst()
            .orElseThrow();
    assertThat(rule.toString()).contains("\"kube-system\"", "\"169.254.20.10/32\"");
  }

  static Stream<Map.Entry<String, String>> stores() {
    return Stream.of(
        Map.entry("postgres-single", "database"),
        Map.entry("postgres-cnpg", "database"),
        Map.entry("redis", "redis"));
  }

  /** The server and, of CloudNativePG, its own instances, its operator and Prometheus. */
  @ParameterizedTest
  @MethodSource("stores")
  void databaseAndRedisAcceptConnectionsOfServersOnly(Map.Entry<String, String> store)
      throws Exception {
    var policies =
        Manifests.renderedWith(store.getKey()).stream()
            .filter(it -> it.kind().equals("NetworkPolicy") && !it.name().equals("postern"))
            .toList();
    assertThat(policies).hasSize(1);
    var spec = policies.getFirst().content().path("spec");
    var selected = spec.at("/podSelector/matchLabels");
    assertThat(selected.path("postern.io/role").asText(store.getValue()))
        .isEqualTo(store.getValue());
    assertThat(elements(spec.path("policyTypes")).map(JsonNode::asText)).contains("Ingress");
    var from = new ArrayList<JsonNode>();
    for (var rule : spec.path("ingress")) {
      assertThat(rule.path("ports").isEmpty()).isFalse();
      assertThat(rule.path("from").isEmpty()).isFalse();
      rule.path("from").forEach(from::add);
    }
    assertThat(from.getFirst().at("/podSelector/matchLabels").path(SERVER).asText())
        .isEqualTo("server");
    assertThat(from.subList(1, from.size()))
        .allSatisfy(peer -> assertThat(peer.toString()).containsAnyOf("cnpg", "\"monitoring\""));
  }

  /** A trusted network may deliver mail or send the addresses of clients. */
  @ParameterizedTest
  @ValueSource(strings = {"lmtp", "proxy-protocol"})
  void trustedNetworksAreNoWholePrivateRange(String area) throws Exception {
    var key = "mail." + area + ".trusted-networks";
    var trusted = new TreeSet<String>();
    var rendered = new ArrayList<>(Manifests.renderedWith("proxy-protocol"));
    for (var overlay : List.of("ha", "single")) {
      rendered.addAll(Manifests.rendered(Manifests.FOLDER.resolve("overlays/" + overlay)));
    }
    for (var document : rendered) {
      var value = document.content().path("data").path(key).asText();
      if (!value.isEmpty()) {
        trusted.addAll(List.of(value.split(",", -1)));
      }
    }
    assertThat(trusted)
        .isNotEmpty()
        .allSatisfy(
            network ->
                assertThat(Integer.parseInt(network.replaceFirst(".*/", "")))
                    .as(network)
                    .isGreaterThanOrEqualTo(16));
  }

  @Test
  void balancersAreTheSameInThePolicyAndInTheSettings() throws Exception {
    var rendered = Manifests.renderedWith("proxy-protocol");
    var first = Manifests.one(rendered, "NetworkPolicy", "postern").at("/spec/ingress/0");
    var sources = first.findValues("cidr").stream().map(JsonNode::asText).toList();
    var trusted =
        Manifests.one(rendered, "ConfigMap", "postern-settings")
            .path("data")
            .path("mail.proxy-protocol.trusted-networks")
            .asText();
    assertThat(String.join(",", sources)).isEqualTo(trusted);
    assertThat(elements(first.path("ports")).map(port -> port.path("port").asText()))
        .containsExactlyInAnyOrder("proxy-pop3", "proxy-imap", "proxy-imaps", "proxy-pop3s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"egress-identity-provider", "egress-directory", "egress-collector"})
  void egressIsAnOption(String component) throws Exception {
    var added =
        Manifests.renderedWith(component).stream()
            .filter(it -> it.kind().equals("NetworkPolicy") && !it.name().equals("postern"))
            .toList();
    assertThat(added).hasSize(1);
    var spec = added.getFirst().content().path("spec");
    assertThat(spec.at("/podSelector/matchLabels").path(SERVER).asText()).isEqualTo("server");
    assertThat(spec.path("policyTypes")).hasToString("[\"Egress\"]");
    assertThat(elements(spec.path("egress")))
        .isNotEmpty()
        .allSatisfy(
            rule -> {
              assertThat(rule.path("to").isEmpty()).isFalse();
              assertThat(rule.path("ports").isEmpty()).isFalse();
            });
  }
}
