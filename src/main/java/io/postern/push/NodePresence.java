package io.postern.push;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Tracks which other nodes are alive. Each announces itself over Redis from time to time, and when
 * it stops; so a node that falls silent may be cut off from Redis, and its changes reach no other
 * node. A node that is silent for an hour is taken for dead. All of it on one context.
 */
final class NodePresence {
  static final String CHANNEL = "hint:nodes";

  /** The most nodes that are tracked; further ones are ignored. */
  static final int MAX_NODES = 1_000;

  private static final Duration DEAD = Duration.ofHours(1);
  private static final String HERE = "1 here ";
  private static final String GONE = "1 gone ";

  private final String me =
      Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX);
  private final Duration patience;

  /** When each node was last heard, by {@link System#nanoTime}. */
  private final Map<String, Long> heard = new HashMap<>();

  /**
   * @param patience how long a node may be silent before it counts as missing
   */
  NodePresence(Duration patience) {
    this.patience = patience;
  }

  /** The message that this node sends while it runs. */
  String here() {
    return HERE + me;
  }

  /** The message that it sends when it stops. */
  String gone() {
    return GONE + me;
  }

  /** Takes a message of a node, possibly of this one; returns whether it was understood. */
  boolean hear(String payload) {
    var here = word(HERE, payload);
    here.filter(node -> heard.containsKey(node) || heard.size() < MAX_NODES)
        .filter(node -> !node.equals(me))
        .ifPresent(node -> heard.put(node, System.nanoTime()));
    var gone = word(GONE, payload);
    gone.ifPresent(heard::remove);
    return here.isPresent() || gone.isPresent();
  }

  private static Optional<String> word(String beginning, String payload) {
    // Not longer than the longest number.
    return Optional.of(payload)
        .filter(it -> it.startsWith(beginning) && it.length() <= beginning.length() + 13)
        .map(it -> it.substring(beginning.length()));
  }

  /** Restarts the time of each node: this one has not listened, so none could be heard. */
  void listenAgain() {
    long now = System.nanoTime();
    heard.replaceAll((_, _) -> now);
  }

  /** Whether a node is silent that did not announce its stop. */
  boolean someoneMissing() {
    long now = System.nanoTime();
    heard.values().removeIf(last -> now - last > DEAD.toNanos());
    return heard.values().stream().anyMatch(last -> now - last > patience.toNanos());
  }
}
