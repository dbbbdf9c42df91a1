package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;

/**
 * Every IMAP script again with extensions enabled that change the responses: each response must be
 * one that may come with them, and what the script expects must be found in the responses that come
 * in its place. {@code -Dsession=imap/move} picks some.
 */
final class VariantScripts {
  private static final Logger LOG = System.getLogger(VariantScripts.class.getName());

  /** Of each variant: fewer would mean that a rule leaves out more than it says. */
  private static final int LEAST_SCRIPTS = 400;

  /** Commands with sequence numbers that a variant with UIDONLY refuses. */
  private static final int LEAST_REFUSED = 700;

  private final VariantTarget target;

  VariantScripts(VariantTarget target) {
    this.target = target;
  }

  Stream<DynamicContainer> tests() {
    return Stream.of(Variant.values()).map(this::scripts);
  }

  /** The scripts, and after them a test that enough of them ran. */
  private DynamicContainer scripts(Variant variant) {
    var tally = new VariantTally();
    var scripts =
        Scripts.below(Scripts.ROOT.resolve("imap")).stream()
            .map(ScriptReader::read)
            .map(script -> script(variant, script, tally));
    var count = DynamicTest.dynamicTest("count", () -> count(variant, tally));
    return DynamicContainer.dynamicContainer(
        variant.name(), Stream.concat(scripts, Stream.of(count)));
  }

  private DynamicTest script(Variant variant, Script script, VariantTally tally) {
    return DynamicTest.dynamicTest(
        variant + " " + Scripts.ROOT.relativize(script.file()),
        script.file().toUri(),
        () -> play(variant, script, tally));
  }

  private void play(Variant variant, Script script, VariantTally tally) throws IOException {
    try {
      var obstacle = variant.obstacle(script).or(() -> target.obstacle(script));
      assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
      tally.ran(play(variant, script));
    } catch (TestAbortedException e) {
      tally.leftOut(String.valueOf(e.getMessage()).replace("Assumption failed: ", ""));
      throw e;
    }
  }

  private VariantRun play(Variant variant, Script script) throws IOException {
    // A refused command is an error, too.
    target.always(
        variant.uidOnly() ? Stream.of("mail.imap.max-protocol-errors=1000") : Stream.empty());
    var run = new VariantRun(variant);
    Player.play(
        target, Scripts.mail(), script, () -> new VariantDialect(script, run, target::uids));
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
