package io.postern.wire.transport;

import io.postern.wire.input.CommandPipeline;
import io.postern.wire.input.Framer;
import io.postern.wire.input.Phase;
import io.postern.wire.stream.InflateDecoder;
import io.postern.wire.timer.ConnectionTasks;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;

/**
 * The compression of one connection, if the client asked for it (RFC 4978). Decompresses what the
 * client sends as fast as the pipeline takes it: compressed octets wait while it is full, and other
 * connections run after each {@link #SLICE}. On the connection's context.
 */
final class Compression {
  /** Octets that are passed on in one turn. */
  private static final int SLICE = 4 * InflateDecoder.PIECE;

  private final SocketOutbox out;
  private final CommandPipeline pipeline;
  private final ConnectionTasks tasks;
  private final Runnable settle;
  private final Consumer<DataFormatException> broken;
  private Optional<InflateDecoder> decoder = Optional.empty();

  /** Whether the server has ended compression, and the client may still have to. */
  private boolean ending;

  /** What came behind the end of compression and is not passed on. */
  private Buffer plain = Framer.NOTHING;

  private boolean queued;

  /**
   * @param settle called when octets were passed on, or none came of those that arrived: whether
   *     the socket is read may change
   * @param broken called when the input can't be decompressed
   */
  Compression(
      SocketOutbox out,
      CommandPipeline pipeline,
      ConnectionTasks tasks,
      Runnable settle,
      Consumer<DataFormatException> broken) {
    this.out = out;
    this.pipeline = pipeline;
    this.tasks = tasks;
    this.settle = settle;
    this.broken = broken;
  }

  /** Compresses in both directions from now on. */
  void begin() {
    out.compress();
    close();
    decoder = Optional.of(new InflateDecoder());
  }

  /**
   * Ends it: the output behind the next flush, and the input behind what was decompressed, are
   * plain (RFC 8437 §3).
   */
  void end() {
    out.endCompression();
    decoder.ifPresent(
        it -> {
          ending = !it.finished();
          takePlain(it.rest());
        });
  }

  /**
   * Takes octets behind the last command that was compressed. The end of the compressed stream may
   * come before those that are plain; it begins with a control character, as no command does.
   */
  private void takePlain(Buffer bytes) {
    if (ending && bytes.length() > 0 && bytes.getByte(0) >= 0 && bytes.getByte(0) < ' ') {
      var compressed = decoder.orElseThrow();
      compressed.feed(bytes);
      discardEnd(compressed);
      return;
    }
    keepPlain(bytes);
    if (!ending || bytes.length() > 0) {
      close();
    }
  }

  private void keepPlain(Buffer bytes) {
    plain = (plain.length() == 0 ? Buffer.buffer() : plain).appendBuffer(bytes);
  }

  private void discardEnd(InflateDecoder compressed) {
    try {
      // RFC 8437 §3: the command before was the last one that is compressed.
      if (compressed.next().length() > 0) {
        throw new DataFormatException("more than the end of the compressed stream");
      }
    } catch (DataFormatException e) {
      broken.accept(e);
      return;
    }
    if (compressed.finished()) {
      keepPlain(compressed.rest());
      close();
    }
  }

  /** Takes octets that the client sent. */
  void arrived(Buffer bytes) {
    if (decoder.isEmpty() && plain.length() == 0) {
      pipeline.arrived(bytes);
    } else if (pipeline.phase() != Phase.CLOSED) {
      take(bytes);
      if (!queued) {
        advance();
      }
    }
  }

  private void take(Buffer bytes) {
    if (ending) {
      takePlain(bytes);
    } else if (decoder.isPresent()) {
      decoder.get().feed(bytes);
    } else {
      keepPlain(bytes);
    }
  }

  /** Whether it has octets to pass on. */
  boolean pending() {
    return plain.length() > 0 || (!ending && decoder.map(InflateDecoder::pending).orElse(false));
  }

  /**
   * Whether it holds octets that the pipeline takes and does not have, so that no more should be
   * read; those behind the end of the client's compressed stream included, until the server has
   * ended its own.
   */
  boolean holdsInput() {
    return pipeline.phase() != Phase.CLOSED
        && (plain.length() > 0
            || (!ending && decoder.map(InflateDecoder::holdsInput).orElse(false)));
  }

  /** Passes on what it has in a later turn, if the pipeline takes it. */
  void resume() {
    if (!queued && pending() && takesMore()) {
      queued = true;
      tasks.queue(
          () -> {
            queued = false;
            advance();
          });
    }
  }

  private boolean takesMore() {
    return !pipeline.full() && pipeline.phase() != Phase.CLOSED;
  }

  private void advance() {
    int passed = 0;
    try {
      while (passed < SLICE && pending() && takesMore()) {
        var piece = next();
        passed += piece.length();
        if (piece.length() > 0) {
          pipeline.arrived(piece);
        }
      }
    } catch (DataFormatException e) {
      broken.accept(e);
      return;
    }
    settle.run();
  }

  private Buffer next() throws DataFormatException {
    if (decoder.isPresent() && !ending) {
      return decoder.get().next();
    }
    var piece = plain;
    plain = Framer.NOTHING;
    return piece;
  }

  /** Frees the memory of decompression. */
  void close() {
    decoder.ifPresent(InflateDecoder::close);
    decoder = Optional.empty();
    ending = false;
  }
}
