package io.postern.imap.command;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Links messages to those that they refer to (RFC 5256, REFERENCES, step 1). Messages are numbered
 * from 0; ids of no message get numbers above those. Linear in the references, apart from the
 * search for loops, which is bounded by {@link #MAX_STEPS}.
 */
final class ReferenceLinks {
  /** The parent of a message that has none. */
  static final int NONE = -1;

  /** Steps from a message to one above it, for all links of a command. */
  static final long MAX_STEPS = 20_000_000;

  private final Map<String, Integer> ids = new HashMap<>();
  private int[] parents;
  private int count;
  private long steps;

  ReferenceLinks(int messages) {
    count = messages;
    parents = new int[Math.max(16, messages)];
    Arrays.fill(parents, NONE);
  }

  /** Names a message; the first message of an id has it. All are named before the first link. */
  void name(int message, String id) {
    ids.putIfAbsent(id, message);
  }

  /** Links the message to its references, the last of which is its parent. */
  void link(int message, List<String> references) {
    int above = NONE;
    for (var reference : references) {
      boolean isNew = !ids.containsKey(reference);
      int node = node(reference);
      // A link that is there stays: the list may have been shortened.
      if (above != NONE && parents[node] == NONE && (isNew || !isAbove(node, above))) {
        parents[node] = above;
      }
      above = node;
    }
    parents[message] = NONE;
    if (above != NONE && !isAbove(message, above)) {
      parents[message] = above;
    }
  }

  private int node(String id) {
    var known = ids.get(id);
    if (known != null) {
      return known;
    }
    if (count == parents.length) {
      parents = Arrays.copyOf(parents, count * 2);
      Arrays.fill(parents, count, parents.length, NONE);
    }
    ids.put(id, count);
    return count++;
  }

  /** Whether a node is the other one, or above it. */
  private boolean isAbove(int node, int other) {
    for (int at = other; at != NONE; at = parents[at]) {
      if (at == node) {
        return true;
      }
      if (++steps > MAX_STEPS) {
        throw new SearchBudget.Exceeded("The messages refer to each other too often.");
      }
    }
    return false;
  }

  /** Messages and ids of no message. */
  int nodes() {
    return count;
  }

  /** The node above a node, or {@link #NONE}. */
  int parent(int node) {
    return parents[node];
  }
}
