package io.postern.store.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.BlobId;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ContentCacheTest {
  private static final int MIB = 1024 * 1024;

  /** The octets that a cache with this limit keeps of so many chunks of 32 KiB. */
  private static long kept(long limit, long directMemory, int chunks) {
    var cache = new ContentCache(() -> limit, directMemory);
    var octets = Buffer.buffer(new byte[32 * 1024]);
    for (int blob = 1; blob <= chunks; blob++) {
      cache.putChunk(new BlobId(new UUID(0, blob)), 0, octets);
    }
    return cache.octets();
  }

  @Test
  void itLeavesAQuarterOfDirectMemoryToConnections() {
    assertThat(kept(64 * MIB, 4 * MIB, 200)).isBetween(2L * MIB, 3L * MIB);
  }

  @Test
  void itTakesItsLimitWhereThereIsMoreDirectMemory() {
    assertThat(kept(2 * MIB, 64 * MIB, 200)).isBetween(1L * MIB, 2L * MIB);
  }
}
