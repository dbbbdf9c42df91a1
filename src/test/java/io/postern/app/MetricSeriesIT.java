package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.postern.Eventually;
import io.postern.deploy.Alerts;
import io.postern.deploy.PromQlValues;
import io.postern.deploy.Samples;
import io.postern.embedded.OwnPostgres;
import io.postern.embedded.OwnRedis;
import io.postern.embedded.ServersForPackage;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Alerts, dashboard and autoscalers ask for series, and labels of them, that a server which has
 * worked a little exports. No alert fires on it while it is healthy; each fires when the series
 * that it queries change.
 */
@Timeout(300)
class MetricSeriesIT {
  private static final Path COMPONENTS = Path.of("k8s", "components");

  /** What Prometheus adds, because it knows whom it asked. */
  private static final Map<String, String> TARGET =
      Map.of(
          "instance", "10.244.0.9:9000",
          "pod", "postern-1",
          "namespace", "postern",
          "job", "postern-internal");

  private static final String QUEUE =
      "sql_pool_queue_size{pool_name=\"__vertx.DEFAULT\",pool_type=\"sql\"}";

  @TempDir Path directory;

  @Test
  void queriedSeriesExistAndAlertsFireOnTheirCauses() throws Exception {
    try (var redis = new OwnRedis(directory)) {
      var settings = new HashMap<>(new ServersForPackage().start());
      settings.put("quarkus.redis.hosts", "redis://127.0.0.1:" + redis.port());
      try (var server = new Replica(settings)) {
        Eventually.holds("the server is ready", server::ready);
        work(server);
        var earlier = page(server);
        work(server);
        var later = page(server);
        assertThat(later).contains("mail_store_up");
        double now = System.currentTimeMillis() / 1_000.0;
        var others = Alerts.others(now);
        var moving = Samples.of(TARGET, earlier, later).and(others);
        for (var expression : expressions()) {
          assertThat(moving.missing(expression)).as(expression).isEmpty();
          // Evaluated, too: Prometheus would refuse what cannot be.
          assertThat(new PromQlValues(moving, now).evaluate(expression)).as(expression).isNotNull();
        }
        // Rates apart, which depend on the machine.
        var still = Samples.of(TARGET, later, later).and(others);
        alertsFireWhenTheyShould(still, moving, now);
      }
    }
  }

  /** The alert of the database's queue goes by this series. */
  @Test
  void callsThatWaitForADatabaseConnectionAreMeasured() throws Exception {
    try (var postgres = new OwnPostgres(directory)) {
      var database = postgres.settings();
      var settings = new HashMap<>(new ServersForPackage().start());
      settings.putAll(database);
      settings.put("quarkus.datasource.reactive.max-size", "1");
      try (var server = new Replica(settings);
          var other = connection(database)) {
        Eventually.holds("the server is ready", server::ready);
        other.setAutoCommit(false);
        other.createStatement().execute("LOCK TABLE account IN ACCESS EXCLUSIVE MODE");
        try (var first = login(server);
            var second = login(server);
            var third = login(server)) {
          Eventually.holds("two logins wait", () -> server.metric(QUEUE) >= 2);
          other.rollback();
          for (var client : List.of(first, second, third)) {
            assertThat(client.until("t ")).isNotEmpty();
          }
        }
        Eventually.holds("no login waits", () -> server.metric(QUEUE) == 0);
        assertThat(server.metric("mail_store_short_reads")).isZero();
      }
    }
  }

  private static Connection connection(Map<String, String> database) throws SQLException {
    return DriverManager.getConnection(
        database.get("quarkus.datasource.jdbc.url"),
        database.get("quarkus.datasource.username"),
        database.get("quarkus.datasource.password"));
  }

  private static Peer login(Replica server) throws IOException {
    var client = new Peer(server.imap());
    client.line();
    client.send("t LOGIN alice@example.test secret");
    return client;
  }

  private static void alertsFireWhenTheyShould(Samples healthy, Samples moving, double now) {
    var causes = Alerts.causes(now);
    Alerts.expressions()
        .forEach(
            (alert, expression) -> {
              assertThat(new PromQlValues(healthy, now).evaluate(expression)).as(alert).isEmpty();
              var ill = Objects.requireNonNull(causes.get(alert), alert).apply(moving);
              assertThat(new PromQlValues(ill, now).evaluate(expression)).as(alert).isNotEmpty();
            });
  }

  /** STARTTLS, a login, a message, and an idle client that is notified over Redis. */
  private static void work(Replica server) throws IOException {
    try (var idler = new Peer(server.imap());
        var writer = new Peer(server.imap())) {
      for (var client : List.of(idler, writer)) {
        client.line();
        client.command("STARTTLS");
        client.startTls();
        assertThat(LoadClients.say(client, "LOGIN alice@example.test wrong")).startsWith("t NO");
        client.command("LOGIN alice@example.test secret");
        client.command("SELECT INBOX");
      }
      idler.send("i IDLE");
      idler.until("+ ");
      writer.append("INBOX");
      idler.until("* ");
      writer.send("t LOGOUT");
      writer.until("t ");
      assertThat(writer.next()).isEmpty();
    }
  }

  private static String page(Replica server) {
    return RestAssured.given()
        .baseUri("http://127.0.0.1:" + server.management())
        .get("/q/metrics")
        .asString();
  }

  private static List<String> expressions() throws IOException {
    var json = new ObjectMapper();
    var yaml = new ObjectMapper(new YAMLFactory());
    var all = new ArrayList<>(Alerts.expressions().values());
    for (var tree :
        List.of(
            json.readTree(COMPONENTS.resolve("monitoring/dashboard.json").toFile()),
            yaml.readTree(COMPONENTS.resolve("keda/scaledobject.yaml").toFile()),
            yaml.readTree(COMPONENTS.resolve("hpa/adapter-rule.yaml").toFile()))) {
      int before = all.size();
      for (var key : List.of("expr", "query", "seriesQuery")) {
        tree.findValues(key).stream()
            .filter(JsonNode::isTextual)
            .map(JsonNode::asText)
            .filter(text -> !text.equals("prometheus"))
            .map(MetricSeriesIT::asPromQl)
            .forEach(all::add);
      }
      assertThat(all).hasSizeGreaterThan(before);
    }
    return all;
  }

  /** Without what Grafana puts in. */
  private static String asPromQl(String expression) {
    return expression
        .replaceFirst("^label_values\\((\\w+), (\\w+)\\)$", "sum by ($2) ($1)")
        .replace("$instance", ".*")
        .replace("$__rate_interval", "1m");
  }
}
