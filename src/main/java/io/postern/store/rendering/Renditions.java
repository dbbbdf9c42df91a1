package io.postern.store.rendering;

import io.postern.mime.MessageFacts;
import io.postern.mime.MessageScanner;
import io.postern.model.Ids.AccountId;
import io.postern.render.RenderOptions;
import io.postern.render.Renderer;
import io.postern.render.Segment;
import io.postern.store.Blobs;
import io.postern.store.IndexReader.ShownSize;
import io.postern.store.Messages;
import io.postern.store.Messages.Content;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.rendering.Rendition.AsStored;
import io.postern.store.rendering.Rendition.Rendered;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Makes renditions and remembers them: the renditions themselves within a bound of octets, and
 * their sizes, which take little, much longer. One per node, for all threads.
 */
public final class Renditions {
  /** Of the octets, what is for sizes alone. */
  private static final int SIZES_PART = 4;

  private static final int SIZE_ENTRY = 160;

  private final Messages messages;
  private final Blobs blobs;
  private final Executor worker;
  private final GenerationCache<Rendition.Key, Rendition> renditions;
  private final GenerationCache<Rendition.Key, Optional<ShownSize>> sizes;
  private final LongAdder made = new LongAdder();

  /**
   * @param messages as they are stored
   * @param worker runs tasks of some milliseconds, not on an event loop; may reject some
   * @param octets that it may hold in memory
   */
  public Renditions(Messages messages, Blobs blobs, Executor worker, long octets) {
    this.messages = messages;
    this.blobs = blobs;
    this.worker = worker;
    this.renditions = new GenerationCache<>(octets - octets / SIZES_PART, Rendition::weight);
    this.sizes = new GenerationCache<>(octets / SIZES_PART, _ -> SIZE_ENTRY);
  }

  /** The messages as the options show them: the stored ones themselves where these ask for them. */
  public Messages of(RenderOptions options) {
    return options.showsStored() ? messages : new RenderingMessages(this, messages, options);
  }

  /** Forgets all of an account. */
  public void drop(AccountId account) {
    renditions.remove(key -> key.account().equals(account));
    sizes.remove(key -> key.account().equals(account));
  }

  /** How many renditions were made. */
  public long made() {
    return made.sum();
  }

  /** Octets that are held in memory. */
  public long octets() {
    return renditions.octets() + sizes.octets();
  }

  /** The rendition, if it is remembered. */
  Optional<Rendition> known(Rendition.Key key) {
    return renditions.get(key);
  }

  /** The size, if it is remembered; within it empty for a content that is shown as stored. */
  Optional<Optional<ShownSize>> knownSize(Rendition.Key key) {
    return sizes.get(key);
  }

  /**
   * The rendition of a content; made now if it is not remembered. Fails as the store does, and with
   * Unavailable when too many wait for a worker.
   *
   * @param stored with its bytes, if it has {@link Blobs#CHUNK} octets or fewer
   */
  Uni<Rendition> rendition(AccountId account, Content stored, RenderOptions options) {
    var key = new Rendition.Key(account, stored.id(), options);
    var known = renditions.get(key);
    if (known.isPresent()) {
      return Uni.createFrom().item(known.get());
    }
    var renderer = new Renderer(options);
    var rendition =
        renderer.keeps(stored.facts().parts())
            ? Uni.createFrom().<Rendition>item(new AsStored())
            : front(stored).chain(front -> render(renderer, stored, front));
    return rendition.invoke(it -> remember(key, it));
  }

  private void remember(Rendition.Key key, Rendition rendition) {
    made.increment();
    renditions.put(key, rendition);
    sizes.put(
        key,
        switch (rendition) {
          case AsStored() -> Optional.empty();
          case Rendered(var facts, _) -> Optional.of(size(facts));
        });
  }

  /** The size that the facts say. */
  static ShownSize size(MessageFacts facts) {
    return new ShownSize(facts.size(), facts.octets().crlfSize().orElse(facts.size()));
  }

  /** The first octets, that the renderer examines. */
  private Uni<Buffer> front(Content stored) {
    int length = Math.min(stored.facts().size(), Renderer.MAX_FRONT);
    return stored
        .bytes()
        .map(Uni.createFrom()::item)
        .orElseGet(
            () ->
                stored
                    .read(blobs, 0, length)
                    .collect()
                    .in(() -> Buffer.buffer(length), Buffer::appendBuffer))
        .invoke(
            front -> {
              if (front.length() < length) {
                throw new IllegalStateException(
                    "content " + stored.id().value() + " has no octets behind " + front.length());
              }
            });
  }

  /** What is rendered, and the scan of its octets up to those that are not in memory. */
  private record Begun(List<Segment> segments, MessageScanner scanner, int next) {}

  private Uni<Rendition> render(Renderer renderer, Content stored, Buffer front) {
    var id = "M" + stored.id().value();
    return onWorker(
            () -> renderer.render(stored.facts().parts(), front, id).map(it -> begin(it, front)))
        .chain(
            begun ->
                begun
                    .map(it -> finish(it, stored))
                    .orElseGet(() -> Uni.createFrom().item(new AsStored())));
  }

  /** Only the last segment may reach beyond the octets in memory: the body lies within these. */
  private static Begun begin(List<Segment> segments, Buffer front) {
    var scanner = new MessageScanner();
    int next = front.length();
    for (var segment : segments) {
      switch (segment) {
        case Segment.Made(var octets) -> scanner.feed(octets);
        case Segment.Stored(int from, int to) ->
            scanner.feed(front.slice(Math.min(from, next), Math.min(to, next)));
      }
    }
    return new Begun(segments, scanner, next);
  }

  private Uni<Rendition> finish(Begun begun, Content stored) {
    long rest = (long) stored.facts().size() - begun.next();
    var scanned =
        rest <= 0
            ? Uni.createFrom().voidItem()
            : stored
                .read(blobs, begun.next(), rest)
                .onItem()
                .transformToUniAndConcatenate(
                    piece ->
                        onWorker(
                            () -> {
                              begun.scanner().feed(piece);
                              return piece.length();
                            }))
                .onItem()
                .ignoreAsUni();
    return scanned.chain(() -> onWorker(() -> rendered(begun)));
  }

  private static Rendered rendered(Begun begun) {
    var facts = begun.scanner().finish();
    long length = begun.segments().stream().mapToLong(Segment::length).sum();
    if (facts.size() != length) {
      throw new IllegalStateException("a rendition of " + length + " octets had " + facts.size());
    }
    return new Rendered(facts, begun.segments());
  }

  /**
   * Works on a worker thread, unless the subscriber has gone before; the result comes back on the
   * subscriber's context.
   */
  private <T> Uni<T> onWorker(Supplier<T> work) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              var caller = Optional.ofNullable(Vertx.currentContext());
              var gone = new AtomicBoolean();
              emitter.onTermination(() -> gone.set(true));
              Runnable task =
                  () -> {
                    if (gone.get()) {
                      return;
                    }
                    Runnable result = result(work, emitter);
                    caller.ifPresentOrElse(
                        context -> context.runOnContext(_ -> result.run()), result);
                  };
              try {
                worker.execute(task);
              } catch (RejectedExecutionException e) {
                var failure = new StoreFailure.Unavailable("too many messages wait to be rendered");
                emitter.fail(new StoreException(failure, e));
              }
            });
  }

  private static <T> Runnable result(Supplier<T> work, UniEmitter<? super T> emitter) {
    try {
      T result = work.get();
      return () -> emitter.complete(result);
    } catch (Throwable e) {
      // An error, too: no client waits for ever because there was no memory.
      return () -> emitter.fail(e);
    }
  }
}
