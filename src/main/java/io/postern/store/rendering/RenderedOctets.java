package io.postern.store.rendering;

import io.postern.render.Segment;
import io.postern.store.Blobs;
import io.postern.store.Messages.Content;
import io.postern.store.rendering.Rendition.Rendered;
import io.smallrye.mutiny.Multi;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.function.IntSupplier;

/** The octets of a rendition: those that were made, and ranges of the stored content. */
record RenderedOctets(Content stored, Rendered rendered) implements Blobs.Octets {
  @Override
  public Multi<Buffer> read(Blobs blobs, long from, long length, IntSupplier most) {
    var pieces = new ArrayList<Multi<Buffer>>();
    long end = from + Math.min(length, Long.MAX_VALUE - from);
    long start = 0;
    for (var segment : rendered.segments()) {
      long skip = Math.max(0, from - start);
      long to = Math.min(segment.length(), end - start);
      if (skip < to) {
        pieces.add(read(segment, blobs, skip, to, most));
      }
      start += segment.length();
    }
    return pieces.isEmpty()
        ? Multi.createFrom().empty()
        : Multi.createBy().concatenating().streams(pieces);
  }

  private Multi<Buffer> read(Segment segment, Blobs blobs, long from, long to, IntSupplier most) {
    return switch (segment) {
      case Segment.Made(var octets) -> made(octets, (int) from, (int) to, most);
      case Segment.Stored(int start, int _) -> stored.read(blobs, start + from, to - from, most);
    };
  }

  /** Pieces of octets in memory, each no longer than is asked for then. */
  private static Multi<Buffer> made(Buffer octets, int from, int to, IntSupplier most) {
    return Multi.createFrom()
        .generator(
            () -> from,
            (at, pieces) -> {
              int next = Math.min(to, at + Math.clamp(most.getAsInt(), 1, Blobs.CHUNK));
              pieces.emit(octets.slice(at, next));
              if (next == to) {
                pieces.complete();
              }
              return next;
            });
  }

  /** The octets of all segments, all of which are in memory. */
  Buffer whole(Buffer all) {
    var octets = Buffer.buffer(rendered.facts().size());
    for (var segment : rendered.segments()) {
      switch (segment) {
        case Segment.Made(var made) -> octets.appendBuffer(made);
        case Segment.Stored(int from, int to) -> octets.appendBuffer(all.slice(from, to));
      }
    }
    return octets;
  }

  @Override
  public long held() {
    return rendered.made();
  }
}
