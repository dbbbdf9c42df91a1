package io.postern.store.postgres.page;

import io.postern.model.message.MessageColumns;
import io.postern.model.message.SystemFlag;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Messages that were removed and can be restored, as entries of 44 octets: UID and system flags (8
 * octets each), then the slot of {@link FactsCodec}. Numbers are big-endian.
 */
public final class RecoveryCodec {
  /** Octets of an entry. */
  public static final int ENTRY = 16 + FactsCodec.SLOT;

  /** The most entries of one row. */
  public static final int MAX_ENTRIES = 1 << 15;

  private static final long SYSTEM_FLAGS =
      Arrays.stream(SystemFlag.values()).mapToLong(SystemFlag::bit).reduce(0, (a, b) -> a | b);

  private RecoveryCodec() {}

  /** Encodes messages, as many rows as they need. */
  public static List<Buffer> encode(MessageColumns messages) {
    var rows = new ArrayList<Buffer>();
    for (int from = 0; from < messages.size(); from += MAX_ENTRIES) {
      int to = Math.min(messages.size(), from + MAX_ENTRIES);
      var entries = ByteBuffer.allocate((to - from) * ENTRY);
      for (int i = from; i < to; i++) {
        int at = (i - from) * ENTRY;
        entries.putLong(at, messages.uid(i)).putLong(at + 8, messages.flags()[i] & SYSTEM_FLAGS);
        FactsCodec.put(entries, at + 16, messages, i);
      }
      rows.add(Buffer.buffer(entries.array()));
    }
    return rows;
  }

  /** One entry. */
  public record Entry(
      long uid, long flags, int size, long internalDate, long saved, long content) {}

  /** Decodes the entries of a row, in their order. */
  public static List<Entry> decode(byte[] octets) {
    if (octets.length % ENTRY != 0) {
      throw new DamagedPage("recoverable messages take " + octets.length + " octets");
    }
    var in = ByteBuffer.wrap(octets);
    var entries = new ArrayList<Entry>(octets.length / ENTRY);
    while (in.hasRemaining()) {
      entries.add(
          new Entry(
              in.getLong(), in.getLong(), in.getInt(), in.getLong(), in.getLong(), in.getLong()));
    }
    return entries;
  }
}
