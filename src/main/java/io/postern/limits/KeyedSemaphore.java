package io.postern.limits;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/**
 * A semaphore for each of many keys; those who find no free slot wait in a queue, first come first
 * served. Used on the bus's context only.
 */
final class KeyedSemaphore {
  private record Waiter(String holder, int most, UniEmitter<? super Boolean> emitter) {}

  private static final class WaitQueue {
    final Set<String> holders = new HashSet<>();
    final Queue<Waiter> queue = new ArrayDeque<>();
  }

  private final Map<String, WaitQueue> lines = new HashMap<>();
  private final Map<String, List<String>> keysOf = new HashMap<>();

  /**
   * Takes one of so many slots of the key. Completes when it is taken, with whether it had to wait;
   * never, when the holder frees it before.
   */
  Uni<Boolean> take(String key, int most, String holder) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              var line = lines.computeIfAbsent(key, it -> new WaitQueue());
              keysOf.computeIfAbsent(holder, it -> new ArrayList<>()).add(key);
              if (line.holders.size() < most) {
                line.holders.add(holder);
                emitter.complete(false);
              } else {
                line.queue.add(new Waiter(holder, most, emitter));
              }
            });
  }

  /** Frees all slots that the holder has or waits for. */
  void free(String holder) {
    var keys = keysOf.remove(holder);
    if (keys != null) {
      keys.forEach(key -> free(key, holder));
    }
  }

  private void free(String key, String holder) {
    var line = lines.get(key);
    if (line == null) {
      return;
    }
    line.queue.removeIf(waiting -> waiting.holder.equals(holder));
    line.holders.remove(holder);
    // By the limit that applied when it was queued: it may be below the number of holders.
    while (!line.queue.isEmpty() && line.holders.size() < line.queue.element().most) {
      var next = line.queue.remove();
      line.holders.add(next.holder);
      next.emitter.complete(true);
    }
    if (line.holders.isEmpty() && line.queue.isEmpty()) {
      lines.remove(key, line);
    }
  }

  /** The number of keys with a holder or a waiter. */
  int size() {
    return lines.size();
  }
}
