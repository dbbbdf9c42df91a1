package io.postern.sessions;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every script over loopback with the store in memory; {@code -Dsession=imap/move} picks some,
 * {@code -Dtarget=host:port} plays them on another server.
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
    return Scripts.below(Scripts.ROOT).stream()
        .map(file -> DynamicTest.dynamicTest(name(file), file.toUri(), () -> play(file)));
  }

  private static String name(Path file) {
    return Scripts.ROOT.relativize(file).toString();
  }

  private static void play(Path file) throws Exception {
    Player.play(target, Scripts.mail(), ScriptReader.read(file));
  }
}
