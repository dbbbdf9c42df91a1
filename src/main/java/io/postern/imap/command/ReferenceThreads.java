package io.postern.imap.command;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes threads of linked messages (RFC 5256, REFERENCES, steps 2 to 5): takes out what is no
 * message, and joins the threads of one subject. A node that is no message is a dummy: it has an id
 * of no message, or joins two threads.
 *
 * <p>The caller calls each of {@link #place}, {@link #count}, {@link #enter} and {@link #merge} for
 * all messages before it calls the next; the last three in the order of sent dates, in which the
 * first message below a dummy stands for it.
 */
final class ReferenceThreads {
  private static final int ROOT = ThreadTree.ROOT;

  private final int messages;
  private final ReferenceLinks links;
  private final String[] subjects;
  private final boolean[] replies;

  /** Of messages: another message, a dummy below the root, or the root. */
  private final int[] parents;

  /** Of dummies by place behind the messages: what their children lie below, once it is known. */
  private final int[] promoted;

  private final int[] children;

  /** Dummies that were met, and those that were merged into others. */
  private final boolean[] met;

  private final Map<Integer, Integer> merged = new HashMap<>();

  /** The subject table: for each subject a message or dummy below the root. */
  private final Map<String, Integer> table = new HashMap<>();

  private int nodes;

  ReferenceThreads(int messages, ReferenceLinks links, String[] subjects, boolean[] replies) {
    this.messages = messages;
    this.links = links;
    this.subjects = subjects;
    this.replies = replies;
    this.nodes = links.nodes();
    this.parents = new int[messages];
    this.promoted = new int[nodes - messages];
    this.children = new int[nodes - messages];
    this.met = new boolean[nodes - messages];
    Arrays.fill(promoted, ReferenceLinks.NONE);
  }

  private boolean isDummy(int node) {
    return node >= messages;
  }

  /** Steps 2 and 3: the message lies below the next message above it, or the uppermost dummy. */
  void place(int message) {
    int above = links.parent(message);
    parents[message] = above == ReferenceLinks.NONE ? ROOT : isDummy(above) ? find(above) : above;
    if (isDummy(parents[message])) {
      children[parents[message] - messages]++;
    }
  }

  /** The message above a dummy, or the uppermost dummy; each dummy on the way is passed once. */
  private int find(int dummy) {
    int found = dummy;
    while (isDummy(found)
        && promoted[found - messages] == ReferenceLinks.NONE
        && links.parent(found) != ReferenceLinks.NONE) {
      found = links.parent(found);
    }
    if (isDummy(found) && promoted[found - messages] != ReferenceLinks.NONE) {
      found = promoted[found - messages];
    }
    for (int at = dummy;
        at != found && isDummy(at) && promoted[at - messages] == ReferenceLinks.NONE;
        at = links.parent(at)) {
      promoted[at - messages] = found;
    }
    return found;
  }

  /** Step 3: the only child of a dummy takes its place. */
  void count(int message) {
    int above = parents[message];
    if (isDummy(above) && children[above - messages] == 1) {
      parents[message] = ROOT;
    }
  }

  /** The thread that a message is the first of: itself or a dummy; the root for none. */
  private int thread(int message, boolean[] seen) {
    int above = parents[message];
    if (above == ROOT) {
      return message;
    }
    if (!isDummy(above) || above >= links.nodes() || seen[above - messages]) {
      return ROOT;
    }
    seen[above - messages] = true;
    return above;
  }

  /** Step 5.B: enters the thread in the subject table. */
  void enter(int message) {
    int thread = thread(message, met);
    if (thread == ROOT || subjects[message].isEmpty()) {
      return;
    }
    var known = table.putIfAbsent(subjects[message], thread);
    if (known != null
        && !isDummy(known)
        && (isDummy(thread) || (replies[known] && !replies[thread]))) {
      table.put(subjects[message], thread);
    }
  }

  /** Step 5.C: joins the thread with that of the subject table. */
  void merge(int message) {
    int thread = threadAgain(message);
    if (thread == ROOT || subjects[message].isEmpty()) {
      return;
    }
    int known = table.getOrDefault(subjects[message], thread);
    if (known == thread) {
      return;
    }
    if (isDummy(thread)) {
      // The table has a dummy then: a message would have been replaced by this one.
      merged.put(thread, known);
    } else if (isDummy(known) || (replies[thread] && !replies[known])) {
      parents[thread] = known;
    } else {
      int joined = nodes++;
      parents[thread] = joined;
      parents[known] = joined;
      table.put(subjects[message], joined);
    }
  }

  private int threadAgain(int message) {
    int above = parents[message];
    if (above == ROOT) {
      return message;
    }
    if (!isDummy(above) || above >= links.nodes() || !met[above - messages]) {
      return ROOT;
    }
    met[above - messages] = false;
    return above;
  }

  /** What a message lies below when all is merged. */
  int parent(int message) {
    return merged.getOrDefault(parents[message], parents[message]);
  }

  /** Messages and dummies. */
  int nodes() {
    return nodes;
  }
}
