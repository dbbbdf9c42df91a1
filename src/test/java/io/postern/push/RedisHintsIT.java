package io.postern.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.embedded.OwnRedis;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RedisHintsIT {
  private static final AccountId ACCOUNT = new AccountId(7);
  private static final Duration TICK = Duration.ofSeconds(1);

  @TempDir static Path directory;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private static OwnRedis redis;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private static Vertx vertx;

  private final List<RedisHints> nodes = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    redis = new OwnRedis(directory);
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    await(vertx.close());
    redis.close();
  }

  @AfterEach
  void closeNodes() {
    nodes.forEach(RedisHints::close);
  }

  /** Records what it receives; {@code resync} when hints may have been lost. */
  private static final class RecordingWatcher implements Hints.Watcher {
    final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

    @Override
    public void hinted(Hint hint) {
      events.add(hint);
    }

    @Override
    public void resync() {
      events.add("resync");
    }

    void awaits(Object event) throws InterruptedException {
      Optional<Object> got;
      do {
        got = Optional.ofNullable(events.poll(20, TimeUnit.SECONDS));
        assertThat(got).as("an event before " + event).isPresent();
      } while (!got.get().equals(event));
    }
  }

  private static final class Counting implements HintMeter {
    final AtomicInteger published = new AtomicInteger();
    final AtomicInteger subscribed = new AtomicInteger();
    final BlockingQueue<Dropped> dropped = new LinkedBlockingQueue<>();

    @Override
    public void published() {
      published.incrementAndGet();
    }

    @Override
    public void received() {}

    @Override
    public void dropped(Dropped why) {
      dropped.add(why);
    }

    @Override
    public void subscribed(int more) {
      subscribed.addAndGet(more);
    }
  }

  private RedisHints node(HintMeter meter) {
    return node(meter, List.of(options()), TICK);
  }

  private RedisHints node(HintMeter meter, List<RedisOptions> endpoints, Duration tick) {
    var node = new RedisHints(vertx, endpoints, meter, Duration.ZERO, tick);
    nodes.add(node);
    return node;
  }

  private static RedisOptions options() {
    return new RedisOptions().setConnectionString("redis://127.0.0.1:" + redis.port());
  }

  private static <T extends @Nullable Object> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static Hint hint(long mailbox, long modSeq) {
    return new Hint(new MailboxKey(ACCOUNT, new MailboxId(mailbox)), new ModSeq(modSeq), 0);
  }

  /** A client of the test that sends one command. */
  private static String say(Command command, String... arguments) throws Exception {
    var client = Redis.createClient(vertx, options());
    try {
      var request = Request.cmd(command);
      List.of(arguments).forEach(request::arg);
      return Objects.toString(await(client.send(request)));
    } finally {
      client.close();
    }
  }

  @Test
  void aChangeOnOneNodeReachesBoth() throws Exception {
    var here = new RecordingWatcher();
    var there = new RecordingWatcher();
    var near = node(HintMeter.NONE);
    var far = node(HintMeter.NONE);
    near.watch(ACCOUNT, here);
    far.watch(ACCOUNT, there);
    // The subscription is confirmed: earlier readers resync.
    there.awaits("resync");
    near.publish(hint(1, 5));
    assertThat(here.events).contains(hint(1, 5));
    there.awaits(hint(1, 5));
  }

  @Test
  void malformedHintsAreCountedAndIgnored() throws Exception {
    var watcher = new RecordingWatcher();
    var meter = new Counting();
    node(meter).watch(ACCOUNT, watcher);
    watcher.awaits("resync");
    var wrong =
        List.of(
            "",
            "1",
            "1 2",
            "1 2 3",
            "1 2 3 4 5",
            "2 1 5 0",
            "1 0 5 0",
            "1 1 0 0",
            "1 -1 5 0",
            "1 1 5 -1",
            "1 1 99999999999999999999 0",
            "1 1 5 99999999999999999999",
            "1  5 0",
            "x".repeat(100_000),
            "\u0000\r\n");
    for (var payload : wrong) {
      say(Command.PUBLISH, "hint:7", payload);
    }
    say(Command.PUBLISH, NodePresence.CHANNEL, "1 there x");
    say(Command.PUBLISH, "hint:7", "1 1 6 0");
    watcher.awaits(hint(1, 6));
    assertThat(meter.dropped).hasSize(wrong.size() + 1).containsOnly(HintMeter.Dropped.MALFORMED);
    assertThat(watcher.events).isEmpty();
  }

  @Test
  void oneConnectionSubscribesForAllAccounts() throws Exception {
    var node = node(HintMeter.NONE);
    var watcher = new RecordingWatcher();
    for (int i = 1; i <= 1_500; i++) {
      node.watch(new AccountId(i), watcher);
      node.watch(new AccountId(i), new RecordingWatcher());
    }
    for (int i = 1; i <= 1_500; i++) {
      watcher.awaits("resync");
    }
    until(
        () -> {
          var listening =
              say(Command.CLIENT, "LIST").lines().filter(l -> !l.contains(" sub=0 ")).toList();
          return listening.size() == 1 && listening.getFirst().contains(" sub=1502 ");
        });
    assertThat(say(Command.PUBSUB, "NUMSUB", "hint:9")).contains("1");
  }

  @Test
  void anAccountWithoutWatchersIsUnsubscribed() throws Exception {
    var meter = new Counting();
    var node = node(meter);
    var watcher = new RecordingWatcher();
    var first = node.watch(ACCOUNT, watcher);
    var second = node.watch(ACCOUNT, watcher);
    watcher.awaits("resync");
    first.close();
    first.close();
    node.publish(hint(1, 5));
    watcher.awaits(hint(1, 5));
    assertThat(meter.subscribed).hasValue(1);
    second.close();
    until(() -> meter.subscribed.get() == 0);
    until(() -> say(Command.PUBSUB, "CHANNELS", "hint:7").equals("[]"));
    node.watch(ACCOUNT, watcher);
    watcher.awaits("resync");
  }

  @Test
  void watchersResyncAfterAnOutage() throws Exception {
    var watcher = new RecordingWatcher();
    var node = node(HintMeter.NONE);
    node.watch(ACCOUNT, watcher);
    watcher.awaits("resync");
    say(Command.CLIENT, "KILL", "TYPE", "pubsub");
    watcher.awaits("resync");
    say(Command.CLIENT, "KILL", "TYPE", "normal");
    until(() -> !node.degraded());
    node.publish(hint(1, 8));
    watcher.awaits(hint(1, 8));
  }

  @Test
  void unsentHintsAreSentAfterAnOutage() throws Exception {
    var watcher = new RecordingWatcher();
    var meter = new Counting();
    var near = node(meter);
    var far = node(HintMeter.NONE);
    far.watch(ACCOUNT, watcher);
    watcher.awaits("resync");
    until(() -> !near.degraded());
    redis.stop();
    until(() -> near.degraded() && far.degraded());
    for (int i = 10; i <= 20; i++) {
      near.publish(hint(1, i));
    }
    near.publish(hint(2, 3));
    assertThat(watcher.events).isEmpty();
    redis.start();
    until(() -> !near.degraded() && !far.degraded());
    watcher.awaits("resync");
    // Of each mailbox the last, if the other node was quick enough to hear it at all.
    until(() -> meter.published.get() >= 2);
    assertThat(meter.published).hasValue(2);
  }

  @Test
  void tooManyWaitingHintsCauseAResync() throws Exception {
    var watcher = new RecordingWatcher();
    var meter = new Counting();
    var near = node(meter);
    redis.stop();
    until(near::degraded);
    for (int i = 1; i <= RedisOutgoing.MAX_WAITING; i++) {
      near.publish(hint(i, 2));
    }
    assertThat(meter.dropped).doesNotContain(HintMeter.Dropped.OVERFLOW);
    near.publish(hint(RedisOutgoing.MAX_WAITING + 1, 2));
    assertThat(meter.dropped).contains(HintMeter.Dropped.OVERFLOW);
    redis.start();
    var far = node(HintMeter.NONE);
    far.watch(ACCOUNT, watcher);
    watcher.awaits("resync");
    until(() -> meter.published.get() == 1);
  }

  @Test
  void manyHintsOnOneAccountBecomeFew() throws Exception {
    var watcher = new RecordingWatcher();
    var context = vertx.getOrCreateContext();
    var node = node(HintMeter.NONE);
    context.runOnContext(_ -> node.watch(ACCOUNT, watcher));
    watcher.awaits("resync");
    context.runOnContext(
        _ -> {
          for (int i = 1; i <= 10_000; i++) {
            node.publish(hint(1, i));
          }
        });
    watcher.awaits(hint(1, 10_000));
    assertThat(watcher.events.size()).isLessThan(100);
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void until(Condition condition) throws Exception {
    for (int i = 0; i < 2_000 && !condition.holds(); i++) {
      await(Future.future(done -> vertx.setTimer(10, _ -> done.complete())));
    }
    assertThat(condition.holds()).isTrue();
  }
}
