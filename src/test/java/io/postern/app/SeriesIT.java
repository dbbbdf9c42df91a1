package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.postern.embedded.OwnRedis;
import io.postern.embedded.ServersForPackage;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Alerts, dashboard and autoscalers ask for series, and labels of them, that a server which has
 * worked a little really exports.
 */
@Timeout(300)
class SeriesIT {
  private static final Path COMPONENTS = Path.of("k8s", "components");

  private static final Pattern SERIES =
      Pattern.compile("\\b((?:mail|jvm|process|system)_[a-z_]+)(?:\\{([^}]*)})?");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");
  private static final Pattern GROUPED = Pattern.compile("\\bby\\s*\\(([^)]*)\\)");

  /** What Prometheus adds where it knows whom it asked; {@code le} is the histogram's. */
  private static final Set<String> OF_PROMETHEUS = Set.of("instance", "pod", "namespace", "job");

  @TempDir Path directory;

  @Test
  void whatIsAskedForIsThere() throws Exception {
    try (var redis = new OwnRedis(directory)) {
      var settings = new HashMap<>(new ServersForPackage().start());
      settings.put("quarkus.redis.hosts", "redis://127.0.0.1:" + redis.port());
      try (var server = new Replica(settings)) {
        while (!server.ready()) {
          Thread.onSpinWait();
        }
        work(server);
        var exported = exported(server);
        for (var expression : expressions()) {
          assertThat(missing(expression, exported)).as(expression).isEmpty();
        }
      }
    }
  }

  /** STARTTLS, a login, a message, and one who idles and is told of it by way of Redis. */
  private static void work(Replica server) throws IOException {
    try (var idler = new Peer(server.imap());
        var writer = new Peer(server.imap())) {
      for (var client : List.of(idler, writer)) {
        client.line();
        client.command("STARTTLS");
        client.startTls();
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

  /** Each series with its labels. */
  private static Map<String, Set<String>> exported(Replica server) {
    var page =
        RestAssured.given()
            .baseUri("http://127.0.0.1:" + server.management())
            .get("/q/metrics")
            .asString();
    var found = new HashMap<String, Set<String>>();
    for (var line : page.lines().filter(it -> !it.startsWith("#")).toList()) {
      var labels = found.computeIfAbsent(line.split("[{ ]", 2)[0], name -> new HashSet<>());
      var matcher = MATCHER.matcher(line);
      while (matcher.find()) {
        labels.add(matcher.group(1));
      }
    }
    assertThat(found).containsKey("mail_store_up");
    return found;
  }

  private static List<String> missing(String expression, Map<String, Set<String>> exported) {
    var missing = new ArrayList<String>();
    var labels = new TreeSet<>(OF_PROMETHEUS);
    var series = SERIES.matcher(expression);
    while (series.find()) {
      var there = exported.get(series.group(1));
      if (there == null) {
        missing.add(series.group(1));
        continue;
      }
      labels.addAll(there);
      var matcher = MATCHER.matcher(String.valueOf(series.group(2)));
      while (matcher.find()) {
        if (!there.contains(matcher.group(1)) && !OF_PROMETHEUS.contains(matcher.group(1))) {
          missing.add(series.group(1) + "{" + matcher.group(1) + "}");
        }
      }
    }
    var grouped = GROUPED.matcher(expression);
    while (grouped.find()) {
      List.of(grouped.group(1).split(",", -1)).stream()
          .map(String::strip)
          .filter(label -> !labels.contains(label))
          .forEach(missing::add);
    }
    return missing;
  }

  private static List<String> expressions() throws IOException {
    var json = new ObjectMapper();
    var yaml = new ObjectMapper(new YAMLFactory());
    var all = new ArrayList<String>();
    for (var tree :
        List.of(
            json.readTree(COMPONENTS.resolve("monitoring/dashboard.json").toFile()),
            yaml.readTree(COMPONENTS.resolve("monitoring/prometheusrule.yaml").toFile()),
            yaml.readTree(COMPONENTS.resolve("keda/scaledobject.yaml").toFile()),
            yaml.readTree(COMPONENTS.resolve("hpa/adapter-rule.yaml").toFile()))) {
      int before = all.size();
      for (var key : List.of("expr", "query", "seriesQuery")) {
        tree.findValues(key).stream()
            .filter(JsonNode::isTextual)
            .map(JsonNode::asText)
            .forEach(all::add);
      }
      assertThat(all).hasSizeGreaterThan(before);
    }
    return all;
  }
}
