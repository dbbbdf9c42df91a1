package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

/** All the scripts are played with every logger at its most talkative; no password is written. */
class SecretsTest {
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
  void noPasswordIsInAnyLog() throws Exception {
    var lines = new Lines();
    lines.setLevel(Level.ALL);
    var loggers = List.of(Logger.getLogger("io.postern"), Logger.getLogger("mail"));
    var before = loggers.stream().map(Logger::getLevel).toList();
    loggers.forEach(logger -> logger.setLevel(Level.ALL));
    loggers.forEach(logger -> logger.addHandler(lines));
    try (var target = new MemoryTarget()) {
      for (var file : Scripts.below(Scripts.ROOT)) {
        Player.play(target, Scripts.mail(), ScriptReader.read(file));
      }
    } finally {
      loggers.forEach(logger -> logger.removeHandler(lines));
      for (int i = 0; i < loggers.size(); i++) {
        loggers.get(i).setLevel(before.get(i));
      }
    }
    assertThat(lines.all)
        .anySatisfy(line -> assertThat(line).contains("\"event\":\"login\""))
        .anySatisfy(line -> assertThat(line).contains("\"event\":\"login-failed\""))
        .anySatisfy(line -> assertThat(line).contains("\"event\":\"logout\""))
        .allSatisfy(line -> assertThat(line).doesNotContain(told()));
  }

  /** The password as it is, and as the end of a PLAIN message at each place of its Base64. */
  private static String[] told() {
    var password = "secret".getBytes(StandardCharsets.US_ASCII);
    var forms = new String[4];
    forms[0] = "secret";
    for (int shift = 0; shift < 3; shift++) {
      var octets = new byte[shift + password.length];
      System.arraycopy(password, 0, octets, shift, password.length);
      var text = Base64.getEncoder().encodeToString(octets);
      forms[shift + 1] = text.substring(shift == 0 ? 0 : 4, 8);
    }
    return forms;
  }
}
