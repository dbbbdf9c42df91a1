package io.postern.imap.response;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;

/**
 * Sends the data of one message item by item, streamed items as fast as the client reads them.
 * Nothing is sent before {@link #PIECE} octets or the first octets of a streamed item are there, so
 * that a failure to read those can still be a NO. A later failure aborts the connection: the client
 * waits for octets that can't be read.
 */
public final class MessageWriter {
  /** Octets of items in memory that are sent at once. */
  private static final int PIECE = 64 * 1024;

  private final ResponseWriter writer;
  private final ResponseEncoder encoder;
  private ResponseText waiting = new ResponseText();
  private boolean first = true;
  private boolean begun;

  MessageWriter(ResponseWriter writer, ResponseEncoder encoder, long number, long uid) {
    this.writer = writer;
    this.encoder = encoder;
    encoder.beginMessage(number, uid, waiting.raw("* "));
  }

  /** Sends an item; completes, at once if it is in memory, when its octets were written. */
  public Uni<Void> add(FetchData item) {
    var out = first ? waiting : waiting.space();
    first = false;
    if (item instanceof FetchData.Section(var label, var octets, boolean literal8)
        && octets.isPresent()
        && octets.get().length() >= PIECE) {
      // Without a copy.
      encoder.item(
          new FetchData.Streamed(
              label, octets.get().length(), literal8, Multi.createFrom().empty()),
          out);
      flush();
      writer.write(octets.get());
      return Uni.createFrom().voidItem();
    }
    encoder.item(item, out);
    if (item instanceof FetchData.Streamed streamed) {
      return new Literal(streamed.length()).send(streamed);
    }
    if (waiting.length() >= PIECE) {
      flush();
    }
    return Uni.createFrom().voidItem();
  }

  private void flush() {
    writer.write(waiting.buffer());
    waiting = new ResponseText();
    begun = true;
  }

  /** Ends the response. */
  public void end() {
    waiting.raw(')').crlf();
    flush();
  }

  /** Aborts the connection if a part of the response was sent. */
  public void fail() {
    if (begun) {
      writer.abort();
    }
  }

  /** The octets of a streamed item. */
  private final class Literal {
    private final long length;
    private long sent;

    Literal(long length) {
      this.length = length;
    }

    Uni<Void> send(FetchData.Streamed item) {
      return item.pieces()
          .onItem()
          .transformToUniAndConcatenate(this::piece)
          .onItem()
          .ignoreAsUni()
          .invoke(this::end);
    }

    private Uni<Void> piece(Buffer piece) {
      begin();
      sent += piece.length();
      writer.write(piece);
      return writer.room();
    }

    private void begin() {
      if (waiting.length() > 0) {
        flush();
        writer.amidLiteral(true);
      }
    }

    private void end() {
      if (sent != length) {
        throw new IllegalStateException("a literal of " + length + " octets had " + sent);
      }
      begin();
      writer.amidLiteral(false);
    }
  }
}
