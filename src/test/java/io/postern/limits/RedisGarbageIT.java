package io.postern.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.auth.Refusal;
import io.postern.config.net.Networks;
import io.postern.embedded.OwnRedis;
import io.postern.model.MailProtocol;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invalid values under the keys of the replicas prevent no login and no count. */
class RedisGarbageIT {
  private static final Duration TICK = Duration.ofMillis(500);
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final String ALICE = "alice@example.test";
  private static final String ADDRESS = "192.0.2.1";
  private static final String ACCOUNT = "{postern}:failed:account:" + LoginGuard.digest(ALICE);
  private static final String NETWORK = "{postern}:failed:network:" + Networks.ofClient(ADDRESS);

  @TempDir static Path directory;

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private OwnRedis redis;

  private final Vertx vertx = Vertx.vertx();
  private final List<Replica> replicas = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    redis = new OwnRedis(directory);
  }

  @AfterEach
  void stop() {
    replicas.forEach(Replica::close);
    redis.close();
    assertThat(vertx.close().toCompletionStage().toCompletableFuture())
        .succeedsWithin(Duration.ofSeconds(20));
  }

  private Replica replica(String... settings) {
    var replica = new Replica(Optional.of(redis.port()), TICK, LEASE, settings);
    replicas.add(replica);
    return replica.joined();
  }

  /** Sends a command to Redis from another client. */
  private String say(String... words) {
    var options = new RedisOptions().setConnectionString("redis://127.0.0.1:" + redis.port());
    var client = Redis.createClient(vertx, options);
    var request = Request.cmd(Command.create(words[0]));
    Arrays.stream(words).skip(1).forEach(request::arg);
    var answer = client.send(request).toCompletionStage().toCompletableFuture();
    assertThat(answer).succeedsWithin(Duration.ofSeconds(20));
    client.close();
    Optional<Response> said = Optional.ofNullable(answer.join());
    return said.map(Response::toString).orElse("");
  }

  private void put(String key, String what) {
    say("DEL", key);
    switch (what) {
      case "list" -> say("LPUSH", key, "x");
      case "hash" -> say("HSET", key, "x", "y");
      case "for ever" -> say("SET", key, "999");
      default -> say("SET", key, what, "PX", "600000");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage",
        "",
        "-7",
        "1.5",
        "nan",
        "0x20",
        "1e300",
        "99999999999999999999",
        "list",
        "hash",
        "for ever"
      })
  void whatIsNoCountOfFailuresIsNone(String what) {
    var replica = replica("mail.guard.ban-account-after=3", "mail.guard.first-delay=PT0S");
    for (var key : List.of(ACCOUNT, NETWORK)) {
      put(key, what);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(replica.fail(replica.peer(MailProtocol.IMAP, ADDRESS), ALICE)).isEmpty();
    }
    // They were counted instead.
    Replica.await(() -> say("GET", ACCOUNT).equals("3") && say("GET", NETWORK).equals("3"));
    assertThat(replica.admit(replica.peer(MailProtocol.IMAP, "192.0.2.9"), ALICE))
        .contains(Refusal.UNAVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "list", "hash"})
  void anInvalidFamiliarityDoesNotRefuseALogin(String what) {
    put("{postern}:familiar:" + LoginGuard.digest(ALICE) + ":" + Networks.ofClient(ADDRESS), what);
    assertThat(replica().session(ALICE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "list"})
  void anInvalidSetOfNodesIsReplaced(String what) {
    var one = replica("mail.imap.max-connections-per-user=2");
    var two = replica("mail.imap.max-connections-per-user=2");
    put("{postern}:nodes", what);
    Replica.await(() -> say("TYPE", "{postern}:nodes").equals("zset"));
    put("{postern}:node:" + one.bus.node(), what);
    assertThat(one.session(ALICE)).isEmpty();
    assertThat(two.session(ALICE)).isEmpty();
    Replica.await(() -> say("TYPE", "{postern}:node:" + one.bus.node()).equals("hash"));
    Replica.await(() -> say("ZCARD", "{postern}:nodes").equals("2"));
    assertThat(two.session(ALICE)).contains(Refusal.TOO_MANY);
  }

  @Test
  void anInvalidCountOfAnotherReplicaIsIgnored() {
    var one = replica("mail.imap.max-connections-per-user=1");
    say("ZADD", "{postern}:nodes", "+inf", "other");
    say("HSET", "{postern}:node:other", "imap:user:" + LoginGuard.digest(ALICE), "garbage");
    assertThat(one.session(ALICE)).isEmpty();
    assertThat(one.session(ALICE)).contains(Refusal.TOO_MANY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "list", "nan"})
  void anInvalidBudgetIsReplaced(String what) {
    var replica =
        replica(
            "mail.imap.throttle.max-burst=1000",
            "mail.imap.throttle.recharge-rate=1000",
            "mail.imap.throttle.cutoff-balance=10000");
    var key = "{postern}:budget:imap:" + LoginGuard.digest(ALICE);
    if (what.equals("nan")) {
      say("HSET", key, "balance", "nan", "at", "inf");
    } else {
      put(key, what);
    }
    var peer = replica.peer(MailProtocol.IMAP, ADDRESS);
    replica.arrive(peer);
    replica.enter(peer, ALICE);
    assertThat(replica.admissionService.charge(peer, Duration.ofSeconds(5))).isPositive();
    Replica.await(
        () -> say("TYPE", key).equals("hash") && say("HGET", key, "balance").startsWith("-"));
  }

  @Test
  void invalidMessagesAreIgnored() {
    var one = replica();
    assertThat(one.session(ALICE)).isEmpty();
    for (var garbage :
        List.of("", "x", "x displace", "x displace " + one.bus.node() + " imap soon y " + ALICE)) {
      say("PUBLISH", "{postern}:cluster", garbage);
    }
    say("PUBLISH", "{postern}:cluster", "x kick " + ALICE);
    assertThat(one.session(ALICE)).isEmpty();
    assertThat(one.bus.isUp()).isTrue();
  }

  /** The very line of the documentation. */
  @Test
  void theDocumentedRightsAreEnough() throws Exception {
    var line =
        Files.readAllLines(Path.of("src/main/docs/configuration.md")).stream()
            .filter(it -> it.startsWith("ACL SETUSER postern "))
            .findFirst()
            .orElseThrow();
    say(line.replace("<password>", "secret").split(" "));
    say("ACL", "SETUSER", "default", "resetkeys", "resetchannels", "~none");
    var all = new ArrayList<Replica>();
    for (int i = 0; i < 2; i++) {
      var replica =
          new Replica(
              Optional.of(redis.port()),
              "postern:secret@",
              TICK,
              LEASE,
              "mail.imap.max-connections-per-user=2",
              "mail.guard.ban-account-after=2",
              "mail.guard.first-delay=PT0S");
      replicas.add(replica);
      all.add(replica.joined());
    }
    for (var replica : all) {
      assertThat(replica.session(ALICE)).isEmpty();
    }
    assertThat(all.getFirst().session(ALICE)).contains(Refusal.TOO_MANY);
    for (var replica : all) {
      assertThat(replica.fail(replica.peer(MailProtocol.IMAP, "198.51.100.1"), "bob@example.test"))
          .isEmpty();
    }
    Replica.await(
        () ->
            all.getFirst()
                .admit(all.getFirst().peer(MailProtocol.IMAP, "198.51.100.2"), "bob@example.test")
                .isPresent());
    assertThat(say("ACL", "LOG")).doesNotContain("postern");
  }
}
