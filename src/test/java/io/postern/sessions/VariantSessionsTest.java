package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/**
 * Every IMAP script again with extensions enabled that change the responses: each response must be
 * one that may come with them, and what the script expects must be found in the responses that come
 * in its place. {@code -Dsession=imap/move} picks some.
 */
class VariantSessionsTest {
  private static final Logger LOG = System.getLogger(VariantSessionsTest.class.getName());

  /** Of each variant: fewer would mean that a rule leaves out more than it says. */
  private static final int LEAST_SCRIPTS = 400;

  /** Commands with sequence numbers that a variant with UIDONLY refuses. */
  private static final int LEAST_REFUSED = 700;

  private static final MemoryTarget TARGET = new MemoryTarget();

  @AfterAll
  static void stop() {
    TARGET.close();
  }

  @TestFactory
  Stream<DynamicContainer> variants() {
    return Stream.of(Variant.values()).map(VariantSessionsTest::scripts);
  }

  /** The scripts, and after them a test that enough of them ran. */
  private static DynamicContainer scripts(Variant variant) {
    var tally = new VariantTally();
    var scripts =
        Scripts.below(Scripts.ROOT.resolve("imap")).stream()
            .map(ScriptReader::read)
            .map(script -> script(variant, script, tally));
    var count = DynamicTest.dynamicTest("count", () -> count(variant, tally));
    return DynamicContainer.dynamicContainer(
        variant.name(), Stream.concat(scripts, Stream.of(count)));
  }

  private static DynamicTest script(Variant variant, Script script, VariantTally tally) {
    return DynamicTest.dynamicTest(
        variant + " " + Scripts.ROOT.relativize(script.file()),
        script.file().toUri(),
        () -> play(variant, script, tally));
  }

  private static void play(Variant variant, Script script, VariantTally tally) throws IOException {
    try {
      var obstacle = variant.obstacle(script);
      assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
      tally.ran(play(variant, script));
    } catch (TestAbortedException e) {
      tally.leftOut(String.valueOf(e.getMessage()).replace("Assumption failed: ", ""));
      throw e;
    }
  }

  private static VariantRun play(Variant variant, Script script) throws IOException {
    // A refused command is an error, too.
    TARGET.always(
        variant.uidOnly() ? Stream.of("mail.imap.max-protocol-errors=1000") : Stream.empty());
    var run = new VariantRun(variant);
    Player.play(
        TARGET, Scripts.mail(), script, () -> new VariantDialect(script, run, TARGET::uids));
    assumeTrue(run.timesEnabled() > 0, Variant.NO_LOGIN);
    return run;
  }

  private static void count(Variant variant, VariantTally tally) {
    LOG.log(Level.INFO, "{0}: {1}", variant, tally);
    assumeTrue(System.getProperty("session", "").isEmpty(), "only some scripts ran");
    assertThat(tally.scripts()).as("scripts with %s", variant).isGreaterThan(LEAST_SCRIPTS);
    assertThat(tally.refused())
        .as("commands with sequence numbers that %s refused", variant)
        .isGreaterThanOrEqualTo(variant.uidOnly() ? LEAST_REFUSED : 0);
  }
}
