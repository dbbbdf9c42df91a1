package io.postern.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.observe.LogCapture;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * All the scripts run with every logger at its finest level, and the log of commands switched on.
 * No password, app password, token or message of a mechanism is written, as it is or as Base64; nor
 * to the console. What administration does with secrets is in {@code AdminSecretsIT}.
 */
class SecretsIT {
  /** Shorter ones are looked for nowhere: anything may look like them. */
  private static final int SHORTEST = 6;

  @Test
  void noSecretIsInAnyLog() throws Exception {
    var console = new ByteArrayOutputStream();
    var out = System.out;
    var err = System.err;
    List<String> lines;
    List<String> secrets;
    try (var log = LogCapture.listening();
        var target = MemoryTarget.talkative();
        var writing = new PrintStream(console, true, UTF_8)) {
      System.setOut(writing);
      System.setErr(writing);
      secrets = played(target);
      lines = log.lines();
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    assertThat(lines)
        .anySatisfy(line -> assertThat(line).contains("\"event\":\"login\""))
        .anySatisfy(line -> assertThat(line).contains("\"event\":\"login-failed\""))
        .anySatisfy(line -> assertThat(line).contains("\"event\":\"logout\""))
        .anySatisfy(line -> assertThat(line).contains(",LOGIN,\"*****\",R="))
        .anySatisfy(line -> assertThat(line).contains(",PASS,\"*****\",R="))
        .anySatisfy(line -> assertThat(line).contains(",\"OAUTHBEARER *****\",R="))
        .anySatisfy(line -> assertThat(line).contains(" ended: "));
    var written = String.join("\n", lines) + "\n" + console.toString(UTF_8);
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

  /** The secret itself, and within Base64 at each offset of a group. */
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
