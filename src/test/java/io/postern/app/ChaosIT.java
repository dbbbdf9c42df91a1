package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.Eventually;
import io.postern.embedded.OwnPostgres;
import io.postern.embedded.OwnRedis;
import io.postern.embedded.ServersForPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica, Redis and PostgreSQL are killed under load, one after the other, and started again
 * after ten seconds: no acknowledged change is lost or done twice; sessions of living servers
 * continue, or end with a BYE; probes and metrics report the failure.
 */
@Tag("clients")
@Timeout(600)
class ChaosIT {
  private static final int WRITERS = 5;
  private static final int IDLERS = 6;
  private static final int MORE = 40;
  private static final Duration AWAY = Duration.ofSeconds(10);
  private static final String REDIS_AWAY = "mail_push_degraded";
  private static final String DATABASE = "mail_store_up";

  /** As readiness reports it. */
  private static final String DATABASE_AWAY = "\"state\": \"degraded\"";

  private static final String LOOK = "STATUS " + LoadClients.MAILBOX + " (MESSAGES)";

  @TempDir Path directory;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private OwnPostgres postgres;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private OwnRedis redis;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private Replica one;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private Replica other;

  @BeforeEach
  void start() throws Exception {
    postgres = new OwnPostgres(directory.resolve("postgres"));
    redis = new OwnRedis(directory.resolve("redis"));
    // Of those only the certificate is used.
    var settings = new HashMap<>(new ServersForPackage().start());
    settings.putAll(postgres.settings());
    settings.put("quarkus.redis.hosts", "redis://127.0.0.1:" + redis.port());
    settings.put("mail.push.poll-interval", "PT10S");
    // The sessions of a replica that was killed count until its lease is over, 15 s later.
    settings.put("mail.imap.max-connections-per-user", "64");
    one = new Replica(settings);
    other = new Replica(settings);
    Eventually.holds("both are ready", () -> one.ready() && other.ready());
  }

  @AfterEach
  void stop() {
    other.close();
    one.close();
    redis.close();
    postgres.close();
  }

  @Test
  void nothingAcknowledgedIsLostWhenServersAreKilled() throws Exception {
    try (var client = loggedIn()) {
      assertThat(LoadClients.say(client, "CREATE " + LoadClients.MAILBOX)).startsWith("t OK");
    }
    Set<String> acknowledged;
    Set<String> flagged;
    try (var load = new LoadClients(List.of(one, other), WRITERS, IDLERS);
        var witness = loggedIn()) {
      continues(load);
      aReplicaDies(load);
      redisDies(load, witness);
      postgresDies(load, witness);
      continues(load);
      load.end();
      assertThat(load.wrong).isEmpty();
      acknowledged = load.acknowledged;
      flagged = load.flagged;
      // Nobody but those whose server was killed, and while it lay there.
      assertThat(load.brokenOff.get()).isBetween(1L, (long) WRITERS + IDLERS);
      assertThat(refusals(one) + refusals(other)).isPositive();
      System.out.printf(
          "%d appended, %d flagged, %d refused, %d pushes; %d were sent away, %d connections broke,"
              + " %d found nobody%n",
          acknowledged.size(),
          flagged.size(),
          load.refused.get(),
          load.pushes.get(),
          load.sentAway.get(),
          load.brokenOff.get(),
          load.shutOut.get());
    }
    var there = there();
    assertThat(there.keySet()).containsAll(acknowledged);
    var kept = new HashSet<>(there.keySet());
    kept.removeIf(name -> !there.getOrDefault(name, false));
    assertThat(kept).containsAll(flagged);
  }

  private void aReplicaDies(LoadClients load) throws Exception {
    var until = Instant.now().plus(AWAY);
    other.kill();
    assertThat(other.ready()).isFalse();
    continues(load);
    assertThat(one.health("ready").statusCode()).isEqualTo(200);
    lasts(until);
    other.start();
    Eventually.holds("the replica is ready again", other::ready);
    continues(load);
  }

  private static void lasts(Instant until) {
    Eventually.holds("it is away for long enough", () -> Instant.now().isAfter(until));
  }

  /** Commands that were refused because of the database, by the metrics. */
  private static double refusals(Replica replica) {
    double count =
        replica.metric(
            "mail_command_seconds_count{command=\"APPEND\",outcome=\"no\",protocol=\"imap\"}");
    return Double.isNaN(count) ? 0 : count;
  }

  private void redisDies(LoadClients load, Peer witness) throws Exception {
    var until = Instant.now().plus(AWAY);
    redis.stop();
    Eventually.holds(
        "its absence shows", () -> one.metric(REDIS_AWAY) == 1 && other.metric(REDIS_AWAY) == 1);
    var health = one.health("ready");
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(health.asString()).contains("\"push\": \"degraded\"");
    continues(load);
    lasts(until);
    assertThat(LoadClients.say(witness, LOOK)).startsWith("t OK");
    redis.start();
    Eventually.holds(
        "push is back", () -> one.metric(REDIS_AWAY) == 0 && other.metric(REDIS_AWAY) == 0);
    assertThat(one.health("ready").asString()).contains("\"push\": \"ok\"");
    continues(load);
  }

  private void postgresDies(LoadClients load, Peer witness) throws Exception {
    var until = Instant.now().plus(AWAY);
    postgres.kill();
    Eventually.holds(
        "readiness tells", () -> one.health("ready").asString().contains(DATABASE_AWAY));
    assertThat(one.health("ready").statusCode()).isEqualTo(200);
    Eventually.holds(
        "so do metrics", () -> one.metric(DATABASE) == 0 && other.metric(DATABASE) == 0);
    assertThat(one.health("live").statusCode()).isEqualTo(200);
    long before = load.acknowledged.size();
    assertThat(LoadClients.say(witness, LOOK)).startsWith("t NO [UNAVAILABLE]");
    lasts(until);
    assertThat(load.acknowledged).hasSize((int) before);
    postgres.start();
    Eventually.holds("readiness tells", () -> reachesDatabase(one));
    Eventually.holds("the other, too", () -> reachesDatabase(other));
    Eventually.holds(
        "so do metrics", () -> one.metric(DATABASE) == 1 && other.metric(DATABASE) == 1);
    // On the connection that it had all the time.
    assertThat(LoadClients.say(witness, LOOK)).startsWith("t OK");
    continues(load);
  }

  private static boolean reachesDatabase(Replica replica) {
    return replica.ready() && !replica.health("ready").asString().contains(DATABASE_AWAY);
  }

  /** Changes are acknowledged and sent to idle clients. */
  private static void continues(LoadClients load) {
    long appended = load.acknowledged.size();
    long flagged = load.flagged.size();
    long pushes = load.pushes.get();
    Eventually.holds(
        "work goes on",
        () ->
            load.acknowledged.size() >= appended + MORE
                && load.flagged.size() >= flagged + MORE
                && load.pushes.get() >= pushes + MORE);
  }

  private Peer loggedIn() throws IOException {
    var client = new Peer(one.imap());
    client.line();
    assertThat(LoadClients.say(client, "LOGIN alice@example.test secret")).startsWith("t OK");
    return client;
  }

  private static final Pattern SUBJECT = Pattern.compile("Subject: (m\\d+)");

  /** The names of all messages that there are, and whether each is flagged. None is there twice. */
  private Map<String, Boolean> there() throws IOException {
    var found = new HashMap<String, Boolean>();
    try (var client = loggedIn()) {
      assertThat(LoadClients.say(client, "SELECT " + LoadClients.MAILBOX)).startsWith("t OK");
      client.send("f FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])");
      boolean flagged = false;
      for (var line = client.line(); !line.startsWith("f "); line = client.line()) {
        if (line.startsWith("* ")) {
          flagged = line.contains("\\Flagged");
        }
        var subject = SUBJECT.matcher(line);
        if (subject.find()) {
          assertThat(found.put(subject.group(1), flagged)).as("twice: %s", line).isNull();
        }
      }
    }
    return found;
  }
}
