package io.postern.imap.command;

import java.util.Arrays;

/**
 * Messages below messages, in the order in which they are added; the answer to THREAD. Below the
 * root there may also be nodes that are no messages (RFC 5256 §4).
 */
final class ThreadTree {
  /** The parent of the first message of a thread. */
  static final int ROOT = -1;

  /** What {@link Writer#tokens} has in place of a parenthesis. */
  static final long OPEN = -1;

  static final long CLOSE = -2;

  private static final int NONE = -1;

  private final int messages;
  private final int[] first;
  private final int[] last;
  private final int[] next;
  private int firstRoot = NONE;
  private int lastRoot = NONE;

  /**
   * @param messages their number; greater nodes are none
   * @param nodes messages and others
   */
  ThreadTree(int messages, int nodes) {
    this.messages = messages;
    this.first = filled(nodes);
    this.last = filled(nodes);
    this.next = filled(nodes);
  }

  private static int[] filled(int nodes) {
    int[] array = new int[nodes];
    Arrays.fill(array, NONE);
    return array;
  }

  /** Adds a message behind those that its parent has; adds the parent too, if it is no message. */
  void add(int message, int parent) {
    if (parent == ROOT) {
      addRoot(message);
      return;
    }
    if (parent >= messages && first[parent] == NONE) {
      addRoot(parent);
    }
    if (first[parent] == NONE) {
      first[parent] = message;
    } else {
      next[last[parent]] = message;
    }
    last[parent] = message;
  }

  private void addRoot(int node) {
    if (firstRoot == NONE) {
      firstRoot = node;
    } else {
      next[lastRoot] = node;
    }
    lastRoot = node;
  }

  /** A writer of the tree, which is complete. */
  Writer writer() {
    return new Writer();
  }

  /** Writes the tree step by step: numbers of messages, and parentheses. */
  final class Writer {
    private long[] tokens = new long[Math.max(16, messages * 3)];
    private int used;
    private int[] open = new int[16];
    private int depth;
    private int node = firstRoot;

    /** The tree is done when false is returned. */
    boolean step() {
      if (node == NONE) {
        if (depth == 0) {
          return false;
        }
        add(CLOSE);
        node = next[open[--depth]];
        return true;
      }
      add(OPEN);
      push(node);
      line();
      return true;
    }

    /** Writes a message and those below it as long as each has one below it. */
    private void line() {
      int at = node;
      while (true) {
        if (at < messages) {
          add(at);
        }
        int below = first[at];
        if (below == NONE || next[below] != NONE || at >= messages) {
          node = below;
          return;
        }
        at = below;
      }
    }

    private void push(int opened) {
      if (depth == open.length) {
        open = Arrays.copyOf(open, depth * 2);
      }
      open[depth++] = opened;
    }

    private void add(long token) {
      if (used == tokens.length) {
        tokens = Arrays.copyOf(tokens, used * 2);
      }
      tokens[used++] = token;
    }

    /** Numbers of messages from 0, {@link #OPEN} and {@link #CLOSE}. */
    long[] tokens() {
      return Arrays.copyOf(tokens, used);
    }
  }
}
