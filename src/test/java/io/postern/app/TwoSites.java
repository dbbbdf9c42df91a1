package io.postern.app;

import io.postern.embedded.FreePorts;
import io.postern.embedded.OwnPostgres;
import io.postern.embedded.OwnRedis;
import io.postern.site.SiteKeys;
import io.restassured.RestAssured;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Two sites of the package: {@code east} with two replicas and a Redis, {@code west} with one, each
 * with a PostgreSQL of its own, and the directory of homes in a third.
 */
final class TwoSites implements AutoCloseable {
  private static final String TOKEN = "token-of-the-tests-0123456789";

  final OwnPostgres directory;
  final SiteKeys issuer;
  private final OwnPostgres eastStore;
  private final OwnPostgres westStore;
  private final OwnRedis redis;
  private final Map<String, Node> nodes = new ConcurrentHashMap<>();

  /** The JAR that replicas are started from; empty for the package under test. */
  private Optional<Path> jar;

  /** The ports of a replica; those for other sites and for administration stay when it restarts. */
  record Node(
      Packaged server,
      Map<String, String> settings,
      int back,
      int back3,
      int transfer,
      int http,
      int management) {}

  TwoSites(Path scratch) throws Exception {
    this(scratch, Optional.empty());
  }

  /**
   * @param jar of another package, which all replicas are started from
   */
  TwoSites(Path scratch, Optional<Path> jar) throws Exception {
    this.jar = jar;
    this.issuer = new SiteKeys(scratch, "issuer");
    this.directory = new OwnPostgres(Files.createDirectory(scratch.resolve("directory")));
    this.eastStore = new OwnPostgres(Files.createDirectory(scratch.resolve("east")));
    this.westStore = new OwnPostgres(Files.createDirectory(scratch.resolve("west")));
    this.redis = new OwnRedis(Files.createDirectory(scratch.resolve("redis")));
    var ports = FreePorts.many(15);
    start("east1", "east", eastStore, ports.subList(0, 5), back("west", ports, 10));
    start("east2", "east", eastStore, ports.subList(5, 10), back("west", ports, 10));
    var east = new HashMap<>(back("east", ports, 0));
    back("east", ports, 5).forEach((key, value) -> east.merge(key, value, (a, b) -> a + "," + b));
    start("west", "west", westStore, ports.subList(10, 15), east);
    account("east1", "alice@example.test");
    account("west", "bob@example.test");
  }

  private static Map<String, String> back(String site, List<Integer> ports, int from) {
    return Map.of(
        "mail.site.imap-back-ends",
        site + "=127.0.0.1:" + ports.get(from),
        "mail.site.pop3-back-ends",
        site + "=127.0.0.1:" + ports.get(from + 1),
        "mail.site.transfer-back-ends",
        site + "=127.0.0.1:" + ports.get(from + 4));
  }

  private void start(
      String name,
      String site,
      OwnPostgres store,
      List<Integer> ports,
      Map<String, String> backEnds)
      throws Exception {
    var settings = new HashMap<>(store.settings());
    directory
        .settings()
        .forEach(
            (key, value) ->
                settings.put(
                    key.replace("quarkus.datasource.", "quarkus.datasource.directory."), value));
    settings.putAll(issuer.of(site));
    settings.putAll(backEnds);
    settings.put("mail.site.name", site);
    settings.put("mail.site.number", site.equals("east") ? "1" : "2");
    settings.put("mail.site.imap-bindings", "127.0.0.1:" + ports.get(0));
    settings.put("mail.site.pop3-bindings", "127.0.0.1:" + ports.get(1));
    settings.put("mail.site.transfer-bindings", "127.0.0.1:" + ports.get(4));
    settings.put("mail.site.disconnect-spread", "PT0S");
    settings.put("mail.site.fail-fast-after", "PT1S");
    // Several servers start on few processors.
    settings.put("mail.site.connect-timeout", "PT20S");
    settings.put("mail.site.hand-over-timeout", "PT1M");
    settings.put("mail.demo.enabled", "false");
    settings.put("mail.admin.bootstrap-token", TOKEN);
    settings.put("quarkus.http.port", Integer.toString(ports.get(2)));
    settings.put("quarkus.management.port", Integer.toString(ports.get(3)));
    settings.put("mail.drain.spread", "PT0S");
    launch(name, settings, ports);
  }

  private void launch(String name, Map<String, String> settings, List<Integer> ports)
      throws Exception {
    var server =
        jar.isPresent()
            ? Packaged.launch(jar.get(), redis, settings)
            : Packaged.launch(redis, settings);
    nodes.put(
        name,
        new Node(
            server,
            settings,
            ports.get(0),
            ports.get(1),
            ports.get(4),
            ports.get(2),
            ports.get(3)));
  }

  /** The database of a site. */
  OwnPostgres store(String site) {
    return site.equals("east") ? eastStore : westStore;
  }

  /** A replica: {@code east1}, {@code east2} or {@code west}. */
  Node node(String name) {
    return java.util.Objects.requireNonNull(nodes.get(name));
  }

  /** Starts a replica again that was killed, with other settings besides. */
  void restart(String name, Map<String, String> more) throws Exception {
    var node = node(name);
    var settings = new HashMap<>(node.settings());
    settings.putAll(more);
    launch(
        name,
        settings,
        List.of(node.back(), node.back3(), node.http(), node.management(), node.transfer()));
  }

  /** Ends a replica as Kubernetes does, and starts it with other settings. */
  void replace(String name, Map<String, String> more) throws Exception {
    node(name).server().close();
    restart(name, more);
  }

  /** Replaces a replica by one of another package; empty for the package under test. */
  void replace(String name, Optional<Path> other) throws Exception {
    jar = other;
    replace(name, Map.of());
  }

  /** Creates an account with the password {@code secret-secret}, at the site of the replica. */
  void account(String name, String account) {
    RestAssured.given()
        .baseUri("http://127.0.0.1:" + node(name).http())
        .auth()
        .oauth2(TOKEN)
        .contentType("application/json")
        .body("{\"name\":\"" + account + "\",\"password\":\"secret-secret\"}")
        .post("/admin/v1/accounts")
        .then()
        .statusCode(201);
  }

  /** The status of the response to creating it. */
  int tryAccount(String name, String account) {
    return RestAssured.given()
        .baseUri("http://127.0.0.1:" + node(name).http())
        .auth()
        .oauth2(TOKEN)
        .contentType("application/json")
        .body("{\"name\":\"" + account + "\",\"password\":\"secret-secret\"}")
        .post("/admin/v1/accounts")
        .statusCode();
  }

  /** Changes what an account may do. */
  void change(String name, String account, String body) {
    RestAssured.given()
        .baseUri("http://127.0.0.1:" + node(name).http())
        .auth()
        .oauth2(TOKEN)
        .contentType("application/json")
        .body(body)
        .patch("/admin/v1/accounts/" + account)
        .then()
        .statusCode(200);
  }

  /** Starts the move of an account from the site of the replica; its URL. */
  String move(String name, String account, String destination) {
    return RestAssured.given()
        .auth()
        .oauth2(TOKEN)
        .contentType("application/json")
        .body("{\"account\":\"" + account + "\",\"destination\":\"" + destination + "\"}")
        .post("http://127.0.0.1:" + node(name).http() + "/admin/v1/moves")
        .then()
        .statusCode(202)
        .extract()
        .header("Location");
  }

  /** The answer of the administration API to a request for an object. */
  String get(String url) {
    return RestAssured.given().auth().oauth2(TOKEN).get(url).asString();
  }

  /** The sum of a meter's series that have all of these labels. */
  double metric(String name, String meter, String... labels) {
    return RestAssured.given()
        .baseUri("http://127.0.0.1:" + node(name).management())
        .get("/q/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith(meter + "{") || line.startsWith(meter + " "))
        .filter(line -> List.of(labels).stream().allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Override
  public void close() {
    nodes.values().forEach(node -> node.server().close());
    redis.close();
    directory.close();
    eastStore.close();
    westStore.close();
  }
}
