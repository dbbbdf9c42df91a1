package io.postern.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.embedded.OwnRedis;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.postern.wire.Certificates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ways to Redis: over TLS, as a user, one of several; and nodes that lose theirs alone. */
@Timeout(60)
class RedisEndpointsIT {
  private static final Duration TICK = Duration.ofMillis(500);
  private static final Hint HINT =
      new Hint(new MailboxKey(new AccountId(7), new MailboxId(1)), new ModSeq(5), 3);
  private static final Hint EARLIER = new Hint(HINT.mailbox(), new ModSeq(4), 2);

  @TempDir Path directory;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private OwnRedis redis;

  private final Vertx vertx = Vertx.vertx();
  private final List<RedisHints> nodes = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    redis = new OwnRedis(directory);
  }

  @AfterEach
  void stop() throws Exception {
    nodes.forEach(RedisHints::close);
    await(vertx.close());
    redis.close();
  }

  private RedisHints node(RedisOptions... endpoints) {
    var node = new RedisHints(vertx, List.of(endpoints), HintMeter.NONE, Duration.ZERO, TICK);
    nodes.add(node);
    return node;
  }

  private static RedisOptions at(String place) {
    return new RedisOptions().setConnectionString(place);
  }

  private String plain() {
    return "redis://127.0.0.1:" + redis.port();
  }

  private static <T extends @Nullable Object> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private BlockingQueue<Object> watched(RedisHints node) {
    var events = new LinkedBlockingQueue<Object>();
    node.watch(
        HINT.mailbox().account(),
        new Hints.Watcher() {
          @Override
          public void hinted(Hint hint) {
            events.add(hint);
          }

          @Override
          public void resync() {
            events.add("look");
          }
        });
    return events;
  }

  private static void awaits(BlockingQueue<Object> heard, Object event) throws Exception {
    while (!heard.take().equals(event)) {
      // A node that suspects its connection resyncs more often than needed.
      assertThat(heard.size()).isLessThan(100);
    }
  }

  private void say(Command command, String... arguments) throws Exception {
    var client = Redis.createClient(vertx, at(plain()));
    var request = Request.cmd(command);
    List.of(arguments).forEach(request::arg);
    await(client.send(request).onComplete(_ -> client.close()));
  }

  private void until(RedisHints node, boolean degraded) throws Exception {
    while (node.degraded() != degraded) {
      await(Future.future(done -> vertx.setTimer(10, _ -> done.complete())));
    }
  }

  /** A TLS proxy in front of Redis. */
  private NetServer tlsProxy(NetClient inwards) throws Exception {
    var certificate = Certificates.of("localhost");
    var proxy =
        vertx.createNetServer(
            new NetServerOptions().setSsl(true).setKeyCertOptions(certificate.getKeyCertOptions()));
    proxy.connectHandler(
        outside -> {
          outside.pause();
          inwards
              .connect(redis.port(), "127.0.0.1")
              .onSuccess(inside -> join(outside, inside))
              .onFailure(_ -> outside.close());
        });
    return await(proxy.listen(0, "127.0.0.1"));
  }

  private static void join(NetSocket outside, NetSocket inside) {
    outside.pipeTo(inside);
    inside.pipeTo(outside);
    outside.resume();
  }

  @Test
  void hintsAreSentOverTls() throws Exception {
    var proxy = tlsProxy(vertx.createNetClient());
    var net = new NetClientOptions().setTrustAll(true).setHostnameVerificationAlgorithm("");
    var secure = at("rediss://127.0.0.1:" + proxy.actualPort()).setNetClientOptions(net);
    var heard = watched(node(secure));
    awaits(heard, "look");
    node(secure).publish(HINT);
    awaits(heard, HINT);
  }

  @Test
  void userAndPasswordOfTheAddressAreUsed() throws Exception {
    say(Command.ACL, "SETUSER", "push", "on", ">secret", "&*", "+@all");
    say(Command.ACL, "SETUSER", "default", "resetchannels", "-publish");
    var place = "redis://push:secret@127.0.0.1:" + redis.port();
    var heard = watched(node(at(place)));
    awaits(heard, "look");
    node(at(place)).publish(HINT);
    awaits(heard, HINT);
  }

  @Test
  void theNextEndpointIsUsedWhenOneFails() throws Exception {
    var heard = watched(node(at("redis://127.0.0.1:1"), at(plain())));
    awaits(heard, "look");
    node(at(plain())).publish(HINT);
    awaits(heard, HINT);
  }

  @Test
  void aNodeCutOffFromRedisIsMissingUntilItReturns() throws Exception {
    say(Command.ACL, "SETUSER", "lonely", "on", ">secret", "&*", "+@all");
    var here = node(at(plain()));
    var heard = watched(here);
    awaits(heard, "look");
    var there = node(at("redis://lonely:secret@127.0.0.1:" + redis.port()));
    var leaving = node(at(plain()));
    // A node that publishes has announced itself before.
    for (var node : List.of(there, leaving)) {
      until(node, false);
      node.publish(EARLIER);
      awaits(heard, EARLIER);
    }
    leaving.close();
    say(Command.ACL, "SETUSER", "lonely", "off");
    say(Command.CLIENT, "KILL", "USER", "lonely");
    until(there, true);
    there.publish(HINT);
    until(here, true);
    assertThat(heard).doesNotContain(HINT);
    say(Command.ACL, "SETUSER", "lonely", "on");
    awaits(heard, HINT);
    // The one that took leave is not missed.
    until(here, false);
  }
}
