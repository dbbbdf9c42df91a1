package io.postern.sessions;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/** Every IMAP script with extensions enabled, in memory. */
class VariantSessionsTest {
  private static final MemoryTarget TARGET = new MemoryTarget();

  @AfterAll
  static void stop() {
    TARGET.close();
  }

  @TestFactory
  Stream<DynamicContainer> variants() {
    return new VariantScripts(TARGET).tests();
  }
}
