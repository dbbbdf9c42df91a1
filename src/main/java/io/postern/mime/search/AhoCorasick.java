package io.postern.mime.search;

import io.postern.mime.text.FoldedText;
import io.postern.mime.text.TextScan;
import io.postern.mime.text.UnicodeCasemap;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Finds many texts in one pass, compared by {@link UnicodeCasemap} (Aho and Corasick, "Efficient
 * string matching", 1975). Immutable; usable from any thread.
 *
 * <p>States are the nodes of the trie of all patterns, the root is 0. The failure of a state is the
 * longest proper suffix of its text that is a state, too; a char is followed from failure to
 * failure until a state has it, so that the cost of a pass is linear in the text, however many
 * patterns there are. The link of a state leads to the longest such suffix at which a pattern ends.
 */
final class AhoCorasick {
  private static final int NONE = -1;
  private static final int ASCII = 128;

  /** Instead of an only child: there are several. */
  private static final int SEVERAL = -1;

  private final int[] parents;
  private final int[] codePoints;
  private final int[] children;

  /** The only child of a state, 0 for none, or {@link #SEVERAL}. */
  private final int[] only;

  private final int[] failures;
  private final int[] outputs;
  private final int[] links;
  private final int patterns;

  /** The children of the root by folded code points of ASCII; 0 for none: most chars end here. */
  private final int[] roots = new int[ASCII];

  /** The same by chars of texts, in either case. */
  private final int[] begins = new int[ASCII];

  private AhoCorasick(Builder from) {
    this.parents = Arrays.copyOf(from.parents, from.states);
    this.codePoints = Arrays.copyOf(from.codePoints, from.states);
    this.outputs = Arrays.copyOf(from.outputs, from.states);
    this.children = from.children;
    this.patterns = from.patterns;
    this.only = new int[from.states];
    this.failures = new int[from.states];
    this.links = new int[from.states];
    for (int state = 1; state < from.states; state++) {
      only[parents[state]] = only[parents[state]] == 0 ? state : SEVERAL;
    }
    for (char c = 0; c < ASCII; c++) {
      roots[c] = Math.max(0, child(0, c));
    }
    for (char c = 0; c < ASCII; c++) {
      begins[c] = roots[UnicodeCasemap.ofAscii(c)];
    }
    link(from.byDepth());
  }

  private void link(int[] byDepth) {
    for (int i = 1; i < byDepth.length; i++) {
      int state = byDepth[i];
      int parent = parents[state];
      int failure = parent == 0 ? 0 : next(failures[parent], codePoints[state]);
      failures[state] = failure;
      links[state] = outputs[failure] == NONE ? links[failure] : failure;
    }
  }

  /** Number of different patterns. */
  int patterns() {
    return patterns;
  }

  /** Begins a pass over texts that records its matches. */
  Scan scan(Found found) {
    return new Scan(found);
  }

  private int child(int state, int codePoint) {
    int child = only[state];
    if (child == SEVERAL) {
      return find(children, parents, codePoints, state, codePoint);
    }
    return child != 0 && codePoints[child] == codePoint ? child : NONE;
  }

  /** The child, or {@link #NONE}. Open addressing: 0 is no child's number, so it is a free slot. */
  private static int find(
      int[] children, int[] parents, int[] codePoints, int state, int codePoint) {
    int mask = children.length - 1;
    int slot = slot(state, codePoint) & mask;
    while (children[slot] != 0) {
      int child = children[slot];
      if (parents[child] == state && codePoints[child] == codePoint) {
        return child;
      }
      slot = (slot + 1) & mask;
    }
    return NONE;
  }

  private static int slot(int state, int codePoint) {
    int hash = (state * 0x9E3779B1) ^ (codePoint * 0x85EBCA6B);
    return hash ^ (hash >>> 15);
  }

  private int next(int from, int codePoint) {
    int state = from;
    while (state != 0) {
      int child = child(state, codePoint);
      if (child != NONE) {
        return child;
      }
      state = failures[state];
    }
    return codePoint < ASCII ? roots[codePoint] : Math.max(0, child(0, codePoint));
  }

  /** The patterns found so far, by one scan or several. */
  static final class Found {
    private final BitSet patterns = new BitSet();
    private int count;

    boolean has(int pattern) {
      return patterns.get(pattern);
    }

    /** Number of patterns found. */
    int count() {
      return count;
    }
  }

  /** Collects patterns. */
  static final class Builder {
    private int[] parents = new int[16];
    private int[] codePoints = new int[16];
    private int[] outputs = new int[16];
    private int[] depths = new int[16];
    private int[] children = new int[32];
    private int states = 1;
    private int patterns;

    Builder() {
      outputs[0] = NONE;
    }

    /** Adds a text; returns its pattern's number, the same for texts that compare as equal. */
    int add(String text) {
      int state = 0;
      for (int codePoint : UnicodeCasemap.folded(text)) {
        int child = find(children, parents, codePoints, state, codePoint);
        state = child == NONE ? grow(state, codePoint) : child;
      }
      if (outputs[state] == NONE) {
        outputs[state] = patterns++;
      }
      return outputs[state];
    }

    private int grow(int parent, int codePoint) {
      if (states == parents.length) {
        parents = Arrays.copyOf(parents, 2 * states);
        codePoints = Arrays.copyOf(codePoints, 2 * states);
        outputs = Arrays.copyOf(outputs, 2 * states);
        depths = Arrays.copyOf(depths, 2 * states);
        children = new int[4 * states];
        for (int child = 1; child < states; child++) {
          insert(child);
        }
      }
      int state = states++;
      parents[state] = parent;
      codePoints[state] = codePoint;
      outputs[state] = NONE;
      depths[state] = depths[parent] + 1;
      insert(state);
      return state;
    }

    private void insert(int child) {
      int mask = children.length - 1;
      int slot = slot(parents[child], codePoints[child]) & mask;
      while (children[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      children[slot] = child;
    }

    /** All states, those nearer to the root first (a counting sort). */
    private int[] byDepth() {
      var starts = new int[states + 1];
      for (int state = 0; state < states; state++) {
        starts[depths[state] + 1]++;
      }
      for (int depth = 1; depth <= states; depth++) {
        starts[depth] += starts[depth - 1];
      }
      var sorted = new int[states];
      for (int state = 0; state < states; state++) {
        sorted[starts[depths[state]]++] = state;
      }
      return sorted;
    }

    AhoCorasick build() {
      return new AhoCorasick(this);
    }
  }

  /** One pass; chars arrive cut anywhere. */
  final class Scan implements TextScan {
    private final Found found;
    private int state;
    private char highSurrogate;

    private Scan(Found found) {
      this.found = found;
    }

    @Override
    public void begin() {
      state = 0;
      highSurrogate = 0;
      if (outputs[0] != NONE) {
        note(outputs[0]);
      }
    }

    @Override
    public void accept(char[] chars, int from, int to) {
      int at = found.count == patterns ? to : from;
      while (at < to) {
        if (state == 0 && highSurrogate == 0) {
          at = begin(chars, at, to);
        }
        if (at < to) {
          accept(chars[at++]);
        }
      }
    }

    /** Scans the next octets of a text that is encoded as {@link FoldedText} does. */
    void acceptFolded(byte[] text, int from, int to) {
      int at = found.count == patterns ? to : from;
      while (at < to) {
        byte first = text[at];
        if (first >= 0) {
          at++;
          if (state != 0 || roots[first] != 0) {
            follow(next(state, first));
          }
        } else {
          follow(next(state, FoldedText.decode(text, at)));
          at += FoldedText.length(first);
        }
      }
    }

    /** Where the next char stands with which a pattern may begin: most chars are passed over. */
    private int begin(char[] chars, int from, int to) {
      var none = begins;
      int at = from;
      while (at < to && chars[at] < ASCII && none[chars[at]] == 0) {
        at++;
      }
      return at;
    }

    private void accept(char c) {
      if (c < ASCII) {
        highSurrogate = 0;
        follow(next(state, UnicodeCasemap.ofAscii(c)));
      } else {
        wide(c);
      }
    }

    private void wide(char c) {
      char high = highSurrogate;
      highSurrogate = 0;
      if (Character.isHighSurrogate(c)) {
        highSurrogate = c;
      } else if (high != 0 && Character.isLowSurrogate(c)) {
        fold(Character.toCodePoint(high, c));
      } else {
        fold(c);
      }
    }

    private void fold(int codePoint) {
      int one = UnicodeCasemap.of(codePoint);
      if (one != UnicodeCasemap.SEVERAL) {
        follow(next(state, one));
      } else {
        for (int part : UnicodeCasemap.several(codePoint)) {
          follow(next(state, part));
        }
      }
    }

    /**
     * Moves to a state and records the patterns that end there. Stops at a pattern recorded before,
     * because the rest of the chain was recorded then.
     */
    private void follow(int to) {
      state = to;
      int ends = outputs[state] == NONE ? links[state] : state;
      while (ends != 0 && note(outputs[ends])) {
        ends = links[ends];
      }
    }

    private boolean note(int pattern) {
      if (found.patterns.get(pattern)) {
        return false;
      }
      found.patterns.set(pattern);
      found.count++;
      return true;
    }
  }
}
