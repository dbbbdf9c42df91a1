package io.postern.imap.selected;

import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import java.util.HashMap;
import java.util.Map;

/** A session's own changes of its selected mailbox whose result the client knows. */
final class OwnChanges {
  /** Most that are remembered: a client that hears of no flags would gather them without end. */
  static final int MAX = 1_024;

  /** The messages of each of which the client does not know the result. */
  private final Map<ModSeq, NumberSet> exceptions = new HashMap<>();

  /** Adds a change of which the client knows the result for other messages than these. */
  void add(ModSeq modSeq, NumberSet except) {
    if (exceptions.size() >= MAX) {
      // The client is sent flags that it knows, later: that does no harm.
      exceptions.clear();
    }
    exceptions.put(modSeq, except);
  }

  /** Whether the client knows the result of a change of a message. */
  boolean has(long modSeq, long uid) {
    if (exceptions.isEmpty()) {
      return false;
    }
    var except = exceptions.get(new ModSeq(modSeq));
    return except != null && !except.contains(uid);
  }

  void clear() {
    exceptions.clear();
  }
}
