package io.postern.store.postgres.tx;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A proxy between a client and a server that can discard all octets of either. */
final class SilentProxy {
  private record Pair(NetSocket client, NetSocket server) {}

  private final List<Pair> pairs = new CopyOnWriteArrayList<>();
  private final Promise<Void> left = Promise.promise();
  private final Vertx vertx;
  private final int target;
  private final NetServer server;

  SilentProxy(Vertx vertx, int target) throws Exception {
    this.vertx = vertx;
    this.target = target;
    server = done(vertx.createNetServer().connectHandler(this::connected).listen(0, "127.0.0.1"));
  }

  int port() {
    return server.actualPort();
  }

  private void connected(NetSocket client) {
    client.pause();
    vertx
        .createNetClient()
        .connect(target, "127.0.0.1")
        .onSuccess(
            there -> {
              pairs.add(new Pair(client, there));
              client.handler(there::write);
              there.handler(client::write);
              client.closeHandler(
                  _ -> {
                    left.tryComplete();
                    there.close();
                  });
              there.closeHandler(_ -> client.close());
              client.resume();
            });
  }

  /** From now on the connections that there are lead nowhere; new ones are well. */
  int silence() {
    for (var pair : pairs) {
      pair.client.handler(_ -> {});
      pair.server.handler(_ -> {});
    }
    int silenced = pairs.size();
    pairs.clear();
    return silenced;
  }

  /** Done when a client has closed its connection. */
  Future<Void> left() {
    return left.future();
  }

  void close() throws Exception {
    done(server.close());
  }

  static <T> T done(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
