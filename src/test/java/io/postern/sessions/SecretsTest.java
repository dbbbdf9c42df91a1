package io.postern.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * All the scripts are played with every logger at its most talkative. No password, app password,
 * token or message of a mechanism is written, as it is or as Base64; nor to the console.
 */
class SecretsTest {
  /** Shorter ones are looked for nowhere: anything may look like them. */
  private static final int SHORTEST = 6;

  private static final class Lines extends Handler {
    final List<String> all = new CopyOnWriteArrayList<>();
    private final SimpleFormatter formatter = new SimpleFormatter();

    @Override
    public void publish(LogRecord line) {
      all.add(formatter.format(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void noSecretIsInAnyLog() throws Exception {
    var lines = new Lines();
    lines.setLevel(Level.ALL);
    var loggers = List.of(Logger.getLogger("io.postern"), Logger.getLogger("mail"));
    var before = loggers.stream().map(Logger::getLevel).toList();
    var console = new ByteArrayOutputStream();
    var out = System.out;
    var err = System.err;
    loggers.forEach(logger -> logger.setLevel(Level.ALL));
    loggers.forEach(logger -> logger.addHandler(lines));
    List<String> secrets;
    try (var target = new MemoryTarget();
        var writing = new PrintStream(console, true, UTF_8)) {
      System.setOut(writing);
      System.setErr(writing);
      secrets = played(target);
    } finally {
      System.setOut(out);
      System.setErr(err);
      loggers.forEach(logger -> logger.removeHandler(lines));
      for (int i = 0; i < loggers.size(); i++) {
        loggers.get(i).setLevel(before.get(i));
      }
    }
    assertThat(lines.all)
        .anySatisfy(line -> assertThat(line).contains("\"event\":\"login\""))
        .anySatisfy(line -> assertThat(line).contains("\"event\":\"login-failed\""))
        .anySatisfy(line -> assertThat(line).contains("\"event\":\"logout\""));
    var written = String.join("\n", lines.all) + "\n" + console.toString(UTF_8);
    assertThat(secrets).hasSizeGreaterThan(100);
    assertThat(secrets).allSatisfy(secret -> assertThat(written).doesNotContain(secret));
  }

  /** Plays all; what must not be read anywhere. */
  private static List<String> played(Target target) throws Exception {
    var secrets = new ArrayList<String>();
    secrets.addAll(forms("secret"));
    for (var file : Scripts.below(Scripts.ROOT)) {
      var script = ScriptReader.read(file);
      Player.play(target, Scripts.mail(), script, secret -> secrets.addAll(forms(secret)));
    }
    return secrets.stream().distinct().toList();
  }

  /** It as it is, and within Base64 at each place of a group. */
  private static List<String> forms(String secret) {
    if (secret.length() < SHORTEST) {
      return List.of();
    }
    return Stream.concat(
            Stream.of(secret),
            Stream.of(0, 1, 2).map(shift -> base64(secret.getBytes(UTF_8), shift)))
        .filter(form -> form.length() >= SHORTEST)
        .toList();
  }

  /** Without the characters that depend on what stands before and behind. */
  private static String base64(byte[] secret, int shift) {
    var octets = new byte[shift + secret.length];
    System.arraycopy(secret, 0, octets, shift, secret.length);
    var text = Base64.getEncoder().withoutPadding().encodeToString(octets);
    int whole = octets.length * 8 / 6;
    return text.substring(shift == 0 ? 0 : shift + 1, whole);
  }

  @Test
  void aSecretWithinBase64IsFound() {
    for (var before : List.of("", "x", "xy", "\0a\0")) {
      var message = (before + "secret" + "\r\n").getBytes(UTF_8);
      var text = Base64.getEncoder().encodeToString(message);
      assertThat(forms("secret")).anyMatch(text::contains);
    }
  }
}
