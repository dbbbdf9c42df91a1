package io.postern.wire.transport;

import io.postern.wire.Outbox;
import io.postern.wire.OutputBudget;
import io.postern.wire.input.Framer;
import io.postern.wire.input.TrackedOutbox;
import io.postern.wire.stream.DeflateEncoder;
import io.postern.wire.stream.FlushConsolidation;
import io.postern.wire.timer.TimerWheel;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/** The outbox of a socket. Tracks the output that the client has not taken yet. */
public final class SocketOutbox implements TrackedOutbox {
  /** Octets buffered before they are sent. */
  public static final int GATHERED = 16 * 1024;

  /** Octets sent and not taken at which there is no room; there is room again at half of it. */
  public static final int FULL = 64 * 1024;

  private final NetSocket socket;
  private final OutputBudget budget;
  private final Runnable changed;
  private final List<UniEmitter<? super Void>> waiting = new ArrayList<>();
  private Buffer gathered = Framer.NOTHING;
  private long untaken;
  private long taken = TimerWheel.millis();
  private boolean shut;
  private long octets;
  private long waitedNanos;
  private long waitingSince;
  private Optional<DeflateEncoder> encoder = Optional.empty();

  /** Whether the next flush is the last one that is compressed. */
  private boolean encodingEnds;

  /**
   * @param budget of the node
   * @param changed called when output begins to wait for the client
   */
  SocketOutbox(NetSocket socket, OutputBudget budget, Runnable changed) {
    this.socket = socket;
    this.budget = budget;
    this.changed = changed;
  }

  @Override
  public Outbox write(Buffer bytes) {
    if (shut) {
      return this;
    }
    if (bytes.length() < GATHERED) {
      gathered = (gathered.length() == 0 ? Buffer.buffer() : gathered).appendBuffer(bytes);
    } else {
      flush();
      sendInPieces(bytes);
    }
    if (gathered.length() >= GATHERED) {
      flush();
    }
    return this;
  }

  @Override
  public Outbox append(Consumer<Buffer> writer) {
    if (shut) {
      return this;
    }
    gathered = gathered.length() == 0 ? Buffer.buffer() : gathered;
    int before = gathered.length();
    try {
      writer.accept(gathered);
    } catch (RuntimeException e) {
      gathered = gathered.getBuffer(0, before);
      throw e;
    }
    if (gathered.length() >= GATHERED) {
      flush();
    }
    return this;
  }

  @Override
  public Outbox write(String latin1) {
    return write(Buffer.buffer(latin1.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Override
  public void flush() {
    if (gathered.length() > 0) {
      var bytes = gathered;
      gathered = Framer.NOTHING;
      sendInPieces(bytes);
    }
    if (encodingEnds) {
      encodingEnds = false;
      var end = encoder.orElseThrow().end();
      encoder = Optional.empty();
      sendEncoded(end);
    }
  }

  /** Sends what is written in one turn of the event loop together from now on. */
  void consolidateFlushes() {
    FlushConsolidation.begin(socket);
  }

  /** Compresses the output from now on. */
  void compress() {
    encoder = Optional.of(new DeflateEncoder());
  }

  /** Whether the output is compressed. */
  boolean compresses() {
    return encoder.isPresent() && !encodingEnds;
  }

  /** Ends compression behind the next flush. */
  void endCompression() {
    encodingEnds = encoder.isPresent();
  }

  @Override
  public Uni<Void> room() {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              if (full() && !shut) {
                waitingSince = waiting.isEmpty() ? System.nanoTime() : waitingSince;
                waiting.add(emitter);
              } else if (shut) {
                emitter.fail(new CancellationException());
              } else {
                emitter.complete(null);
              }
            });
  }

  @Override
  public boolean full() {
    return untaken >= (budget.spent() ? 1 : FULL);
  }

  @Override
  public int piece() {
    return budget.piece();
  }

  @Override
  public Allowance allowance(int wanted) {
    return budget.take(wanted);
  }

  @Override
  public Holding holding() {
    return budget.holding();
  }

  /** Octets that were sent and that the client has not taken. */
  public long untaken() {
    return untaken;
  }

  /** Octets written so far, including those that wait to be sent. */
  long written() {
    return octets + gathered.length();
  }

  /** When the client last took output, or output last began to wait. {@link TimerWheel#millis} */
  long taken() {
    return taken;
  }

  /** Octets sent in all. */
  long octets() {
    return octets;
  }

  @Override
  public long waitedNanos() {
    return waitedNanos;
  }

  /** Discards everything that is written from now on. */
  void shut() {
    shut = true;
  }

  @Override
  public void cancelWaits() {
    var ended = List.copyOf(waiting);
    waiting.clear();
    ended.forEach(emitter -> emitter.fail(new CancellationException()));
  }

  /** Sends in pieces, so that a client that takes it slowly is seen to take it. */
  private void sendInPieces(Buffer bytes) {
    if (bytes.length() <= FULL) {
      send(bytes);
      return;
    }
    for (int from = 0; from < bytes.length(); from += FULL) {
      send(bytes.slice(from, Math.min(from + FULL, bytes.length())));
    }
  }

  private void send(Buffer bytes) {
    sendEncoded(encoder.map(it -> it.encode(bytes)).orElse(bytes));
  }

  private void sendEncoded(Buffer bytes) {
    boolean first = untaken == 0;
    if (first) {
      taken = TimerWheel.millis();
    }
    untaken += bytes.length();
    budget.add(bytes.length());
    octets += bytes.length();
    socket.write(bytes).onComplete(result -> answered(bytes.length(), result.succeeded()));
    if (first) {
      changed.run();
    }
  }

  private void answered(int octets, boolean well) {
    untaken -= octets;
    budget.add(-octets);
    taken = TimerWheel.millis();
    if (well && !shut && untaken <= (budget.spent() ? 0 : FULL / 2) && !waiting.isEmpty()) {
      var ready = List.copyOf(waiting);
      waitedNanos += System.nanoTime() - waitingSince;
      waiting.clear();
      ready.forEach(emitter -> emitter.complete(null));
    }
  }
}
