package io.postern.app.wiring;

import io.postern.config.Live;
import io.postern.store.Blobs;
import io.postern.store.Messages;
import io.postern.store.rendering.Renditions;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Wires what shows messages in another form than they are stored in. */
final class RenderingWiring {
  /** The part of the heap that renditions may take: one in so many. */
  private static final int HEAP_PART = 32;

  /** Messages that may wait to be rendered: one of each session that asks. */
  private static final int WAITING = 2_000;

  private static final long KEEP_SECONDS = 30;

  @Produces
  @Singleton
  Renditions renditions(Messages messages, Blobs blobs) {
    int threads = Runtime.getRuntime().availableProcessors();
    var workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            KEEP_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("render-", 0).daemon().factory());
    workers.allowCoreThreadTimeOut(true);
    return new Renditions(messages, blobs, workers, Runtime.getRuntime().maxMemory() / HEAP_PART);
  }

  @Produces
  @Singleton
  MessageRetrieval retrieval(Renditions renditions, Live live) {
    return new MessageRetrieval(renditions, live);
  }
}
