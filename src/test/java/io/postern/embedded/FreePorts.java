package io.postern.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/** Ports for servers that a test starts with a port of its choice. */
public final class FreePorts {
  private FreePorts() {}

  /** One on which no process listens; the system gives it to no connection. */
  public static int one() {
    try {
      return Ports.free();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Several, all different. */
  public static List<Integer> many(int count) {
    return Stream.generate(FreePorts::one).limit(count).toList();
  }
}
