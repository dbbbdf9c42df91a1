package io.postern.push;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Tracks which other nodes are alive. Each announces itself over Redis from time to time, and when
 * it stops; so a node that sends nothing may have lost its connection to Redis, and its changes
 * reach no other node. A node that is silent for an hour is forgotten. Used on one context only.
 */
final class NodePresence {
  static final String CHANNEL = "hint:nodes";

  /** The most nodes that are tracked; further ones are ignored. */
  static final int MAX_NODES = 1_000;

  private static final Duration EXPIRY = Duration.ofHours(1);
  private static final String ALIVE = "1 here ";
  private static final String STOPPED = "1 gone ";

  private final String self =
      Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX);
  private final Duration maxSilence;

  /** When each node was last heard, by {@link System#nanoTime}. */
  private final Map<String, Long> lastHeard = new HashMap<>();

  /**
   * @param maxSilence how long a node may be silent before it counts as missing
   */
  NodePresence(Duration maxSilence) {
    this.maxSilence = maxSilence;
  }

  /** The message that this node sends while it runs. */
  String aliveMessage() {
    return ALIVE + self;
  }

  /** The message that it sends when it stops. */
  String stoppedMessage() {
    return STOPPED + self;
  }

  /** Handles a message of a node, possibly of this one; returns whether it was understood. */
  boolean receive(String payload) {
    var alive = nodeAfter(ALIVE, payload);
    alive
        .filter(node -> lastHeard.containsKey(node) || lastHeard.size() < MAX_NODES)
        .filter(node -> !node.equals(self))
        .ifPresent(node -> lastHeard.put(node, System.nanoTime()));
    var stopped = nodeAfter(STOPPED, payload);
    stopped.ifPresent(lastHeard::remove);
    return alive.isPresent() || stopped.isPresent();
  }

  private static Optional<String> nodeAfter(String prefix, String payload) {
    // Not longer than the longest number.
    return Optional.of(payload)
        .filter(it -> it.startsWith(prefix) && it.length() <= prefix.length() + 13)
        .map(it -> it.substring(prefix.length()));
  }

  /** Restarts the time of each node: while this one was not connected, it received no message. */
  void resetTimes() {
    long now = System.nanoTime();
    lastHeard.replaceAll((_, _) -> now);
  }

  /** Whether a node is silent that did not announce its stop. */
  boolean isNodeMissing() {
    long now = System.nanoTime();
    lastHeard.values().removeIf(last -> now - last > EXPIRY.toNanos());
    return lastHeard.values().stream().anyMatch(last -> now - last > maxSilence.toNanos());
  }
}
