package io.postern.push;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which other nodes are there. Each says so from time to time over Redis, and says when it goes; so
 * whoever falls silent may be cut off from Redis, and change mailboxes of which nobody here hears.
 * One that is silent for an hour is taken for dead. All of it on one context.
 */
final class NodePresence {
  static final String CHANNEL = "hint:nodes";

  /** How many nodes are known at most; more are not missed. */
  static final int MAX_NODES = 1_000;

  private static final Duration DEAD = Duration.ofHours(1);
  private static final String HERE = "1 here ";
  private static final String GONE = "1 gone ";

  private final String me =
      Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX);
  private final Duration patience;

  /** When each was heard last, by {@link System#nanoTime}. */
  private final Map<String, Long> heard = new HashMap<>();

  /**
   * @param patience how long one may be silent before it is missed
   */
  NodePresence(Duration patience) {
    this.patience = patience;
  }

  /** What this node says while it is there. */
  String here() {
    return HERE + me;
  }

  /** What it says when it goes. */
  String gone() {
    return GONE + me;
  }

  /** Another said something, or this one itself; answers whether it was understood. */
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

  /** This node heard nothing for a while: nobody is missed who had no time to speak since. */
  void listenAgain() {
    long now = System.nanoTime();
    heard.replaceAll((_, _) -> now);
  }

  /** Whether somebody is silent who did not take leave. */
  boolean someoneMissing() {
    long now = System.nanoTime();
    heard.values().removeIf(last -> now - last > DEAD.toNanos());
    return heard.values().stream().anyMatch(last -> now - last > patience.toNanos());
  }
}
