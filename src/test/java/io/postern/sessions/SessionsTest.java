package io.postern.sessions;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every script over loopback with the store in memory; {@code -Dsession=imap/move} picks some,
 * {@code -Dtarget=host:port} runs them on another server.
 */
class SessionsTest {
  private static Target target = new ForeignTarget("127.0.0.1:0");

  @BeforeAll
  static void start() {
    var other = System.getProperty("target", "");
    target = other.isEmpty() ? new MemoryTarget() : new ForeignTarget(other);
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  @TestFactory
  Stream<DynamicTest> scripts() {
    return Scripts.tests(target);
  }
}
