package io.postern.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.observe.LogCapture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All the scripts run with every logger at its finest level, and the log of commands switched on:
 * to the server's log and to files of each format in turn. No password, app password, token or
 * message of a mechanism is written, as it is or as Base64; nor to the console. What administration
 * does with secrets is in {@code AdminSecretsIT}.
 */
class SecretsIT {
  /** Shorter ones are looked for nowhere: anything may look like them. */
  private static final int SHORTEST = 6;

  private static final List<String> FORMATS = List.of("exchange-2013", "exchange-2016", "json");

  @TempDir Path directory;

  @Test
  void noSecretIsInAnyLog() throws Exception {
    var console = new ByteArrayOutputStream();
    var out = System.out;
    var err = System.err;
    List<String> lines;
    List<String> secrets;
    try (var log = LogCapture.listening();
        var writing = new PrintStream(console, true, UTF_8)) {
      System.setOut(writing);
      System.setErr(writing);
      // When it is closed, all is written.
      try (var target = MemoryTarget.talkative()) {
        secrets = played(target);
      }
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
        .anySatisfy(line -> assertThat(line).contains(" ended: "));
    var files = filesByFormat();
    var written =
        String.join("\n", lines)
            + "\n"
            + console.toString(UTF_8)
            + String.join("\n", files.values());
    assertThat(written).contains("OAUTHBEARER *****");
    assertThat(secrets).hasSizeGreaterThan(100);
    assertThat(secrets).allSatisfy(secret -> assertThat(written).doesNotContain(secret));
    loginsAreLoggedWithoutThem(files);
  }

  private static void loginsAreLoggedWithoutThem(Map<String, String> files) {
    assertThat(files.getOrDefault("exchange-2013", ""))
        .contains(",<,LOGIN *****,", ",<,PASS *****,");
    assertThat(files.getOrDefault("exchange-2016", ""))
        .contains(",login,*****,R=OK,", ",pass,*****,R=OK,");
    assertThat(files.getOrDefault("json", ""))
        .contains("\"command\":\"LOGIN\",\"parameters\":\"*****\"")
        .contains("\"command\":\"PASS\",\"parameters\":\"*****\"");
  }

  /** Plays all; what must not be read anywhere. */
  private List<String> played(MemoryTarget target) throws Exception {
    var secrets = new ArrayList<String>();
    secrets.addAll(forms("secret"));
    int number = 0;
    for (var file : Scripts.below(Scripts.ROOT)) {
      target.always(place(number++));
      var script = ScriptReader.read(file);
      Player.play(target, Scripts.mail(), script, secret -> secrets.addAll(forms(secret)));
    }
    return secrets.stream().distinct().toList();
  }

  /** Settings by which the log of commands goes to files of a format, or to the server's log. */
  private Stream<String> place(int number) {
    int format = number % (FORMATS.size() + 1);
    return Stream.of("imap", "pop3")
        .map(protocol -> "mail." + protocol)
        .flatMap(
            key ->
                format == FORMATS.size()
                    ? Stream.of(key + ".log-file-location=")
                    : Stream.of(
                        key + ".log-file-location=" + directory.resolve(FORMATS.get(format)),
                        key + ".log-format=" + FORMATS.get(format)));
  }

  /** What is in the files of each format. */
  private Map<String, String> filesByFormat() throws IOException {
    var all = new HashMap<String, String>();
    for (var format : FORMATS) {
      try (var files = Files.list(directory.resolve(format))) {
        for (var file : files.toList()) {
          all.merge(format, Files.readString(file), String::concat);
        }
      }
    }
    return all;
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
