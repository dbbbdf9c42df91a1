package io.postern.store;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a node and PostgreSQL. When it is armed, the answer to a later request is thrown
 * away and the connection is cut: the node does not learn what became of its statement.
 */
final class CuttingProxy implements AutoCloseable {
  private static final int NEVER = Integer.MIN_VALUE;

  // One event loop: what follows is confined to it, but for the counter.
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final NetClient outgoing = vertx.createNetClient();
  private final AtomicInteger left = new AtomicInteger(NEVER);
  private final NetServer server;
  private final int target;

  CuttingProxy(int target) {
    this.target = target;
    server =
        vertx
            .createNetServer()
            .connectHandler(this::connected)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .orTimeout(30, TimeUnit.SECONDS)
            .join();
  }

  int port() {
    return server.actualPort();
  }

  /** Cuts at the answer behind so many that still pass, 0 or more. */
  void arm(int answers) {
    left.set(answers);
  }

  private void connected(NetSocket node) {
    node.pause();
    outgoing
        .connect(target, "127.0.0.1")
        .onSuccess(
            there -> {
              node.handler(there::write);
              there.handler(answer -> answered(node, there, answer));
              node.closeHandler(_ -> there.close());
              there.closeHandler(_ -> node.close());
              node.resume();
            })
        .onFailure(_ -> node.close());
  }

  private void answered(NetSocket node, NetSocket there, Buffer answer) {
    int before = left.get();
    if (before == 0) {
      left.set(NEVER);
      node.close();
      there.close();
      return;
    }
    if (before > 0) {
      left.decrementAndGet();
    }
    node.write(answer);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
