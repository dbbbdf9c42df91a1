package io.postern.wire.input;

import io.postern.wire.Literal;
import io.postern.wire.LiteralSink;
import io.postern.wire.Request;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** The command being received: its pieces of text so far, with a literal between each two. */
public final class PendingCommand {
  private final List<Buffer> texts = new ArrayList<>(1);
  private final List<Literal> literals = new ArrayList<>();

  /** The literal that is being received into memory. */
  private Buffer held = Framer.NOTHING;

  /** Whether nothing of it has arrived. */
  public boolean isEmpty() {
    return texts.isEmpty();
  }

  /** Octets of it that are kept in memory. */
  public long held() {
    return isEmpty()
        ? 0
        : held.length()
            + texts.stream().mapToLong(Buffer::length).sum()
            + literals.stream()
                .mapToLong(
                    literal -> literal instanceof Literal.Held(var bytes) ? bytes.length() : 0)
                .sum();
  }

  public void text(Buffer text) {
    texts.add(text);
  }

  /** Adds the next text, up to the announcement of a literal; returns all so far. */
  public Request.Head head(Frame.Head head) {
    // A copy: a slice would keep the whole received buffer for as long as the literal takes.
    texts.add(head.text().copy());
    return new Request.Head(
        List.copyOf(texts),
        List.copyOf(literals),
        head.size(),
        head.synchronizing(),
        head.binary());
  }

  /** Begins a literal that is kept in memory. */
  public void hold() {
    held = Buffer.buffer();
  }

  /** Adds the next octets of the literal that is kept in memory. */
  public void part(Buffer bytes, boolean last) {
    held.appendBuffer(bytes);
    if (last) {
      literals.add(new Literal.Held(held));
      held = Framer.NOTHING;
    }
  }

  /** Adds a literal that was received into its sink. */
  public void spooled(LiteralSink sink, long octets) {
    literals.add(new Literal.Spooled(sink, octets));
  }

  /** What has been received of it. */
  public Request soFar() {
    return new Request(List.copyOf(texts), List.copyOf(literals));
  }

  /** Returns all of it, and begins the next one. */
  public Request take() {
    var request = soFar();
    texts.clear();
    literals.clear();
    return request;
  }

  /** Drops it and abandons the sinks of its literals; the next one begins. */
  public void drop() {
    for (var literal : literals) {
      if (literal instanceof Literal.Spooled(var sink, _)) {
        sink.abandon();
      }
    }
    texts.clear();
    literals.clear();
    held = Framer.NOTHING;
  }
}
