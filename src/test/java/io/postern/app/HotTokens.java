package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.stream.Stream;

/**
 * The hot keys of tokens. The clients are connected before the change; each tries a token that is
 * refused with the settings before, and accepted with those after.
 */
final class HotTokens {
  private static final String EMAIL = "email";
  private static final String ALICE = "alice@example.test";

  private HotTokens() {}

  /** The provider, and the settings for it. */
  private record Scene(HotStage stage, HotIssuer issuer, Path directory) {
    static Scene of(HotStage stage) throws IOException, GeneralSecurityException {
      var directory = Files.createTempDirectory("postern-issuer");
      directory.toFile().deleteOnExit();
      var issuer = HotIssuer.of("https://id.example.test");
      issuer.publish(directory.resolve("jwks.json")).toFile().deleteOnExit();
      return new Scene(stage, issuer, directory);
    }

    Path jwks() {
      return directory.resolve("jwks.json");
    }

    /** Applies the settings, with these instead of the usual ones. */
    void set(String... more) throws Exception {
      var all = new HashMap<String, String>();
      all.put("issuer", issuer.name());
      all.put("audience", "mail");
      all.put("jwks", jwks().toString());
      for (int i = 0; i < more.length; i += 2) {
        all.put(more[i], more[i + 1]);
      }
      stage.set(
          all.entrySet().stream()
              .flatMap(it -> Stream.of("mail.auth.oauth2." + it.getKey(), it.getValue()))
              .toArray(String[]::new));
    }
  }

  private static void enters(Peer client, String token) throws IOException {
    assertThat(answer(client, token)).startsWith("t OK");
  }

  private static void refused(Peer client, String token) throws IOException {
    assertThat(answer(client, token)).startsWith("t NO");
  }

  /** The result of a login with the token. */
  private static String answer(Peer client, String token) throws IOException {
    client.send("t AUTHENTICATE OAUTHBEARER " + base64("n,,\1auth=Bearer " + token + "\1\1"));
    var line = client.line();
    if (line.startsWith("+ ")) {
      // RFC 7628 §3.2.3: the client acknowledges the error
      client.send(base64("\1"));
      line = client.line();
    }
    return line.startsWith("t ") ? line : client.until("t ");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static void issuer(HotStage stage) throws Exception {
    var scene = Scene.of(stage);
    var other = new HotIssuer("https://other.example.test", scene.issuer.keys());
    try (var before = stage.imap();
        var after = stage.imap()) {
      scene.set();
      refused(after, other.token(EMAIL, ALICE));
      enters(before, scene.issuer.token(EMAIL, ALICE));
      scene.set("issuer", other.name());
      refused(after, scene.issuer.token(EMAIL, ALICE));
      enters(after, other.token(EMAIL, ALICE));
      HotMailProtocol.IMAP.alive(before);
    }
  }

  static void audience(HotStage stage) throws Exception {
    var scene = Scene.of(stage);
    var elsewhere = scene.issuer.token("other", EMAIL, ALICE, Duration.ofMinutes(10));
    try (var before = stage.imap();
        var after = stage.imap()) {
      scene.set();
      refused(after, elsewhere);
      enters(before, scene.issuer.token(EMAIL, ALICE));
      scene.set("audience", "other");
      refused(after, scene.issuer.token(EMAIL, ALICE));
      enters(after, elsewhere);
      HotMailProtocol.IMAP.alive(before);
    }
  }

  static void jwks(HotStage stage) throws Exception {
    var scene = Scene.of(stage);
    var renewed = HotIssuer.of(scene.issuer.name());
    var file = renewed.publish(scene.directory.resolve("renewed.json"));
    file.toFile().deleteOnExit();
    try (var before = stage.imap();
        var after = stage.imap()) {
      scene.set();
      refused(after, renewed.token(EMAIL, ALICE));
      enters(before, scene.issuer.token(EMAIL, ALICE));
      scene.set("jwks", file.toString());
      refused(after, scene.issuer.token(EMAIL, ALICE));
      enters(after, renewed.token(EMAIL, ALICE));
      HotMailProtocol.IMAP.alive(before);
    }
  }

  /**
   * The keys are others and the file's time is not: the server sees that when it reads it again,
   * the settings say how soon. Two minutes pass at once, by the server's clock.
   */
  static void jwksRefresh(HotStage stage) throws Exception {
    var scene = Scene.of(stage);
    var renewed = HotIssuer.of(scene.issuer.name());
    var clock = stage.beans.clock();
    try (var before = stage.imap();
        var after = stage.imap()) {
      scene.set("jwks-refresh", "PT1H");
      enters(before, scene.issuer.token(EMAIL, ALICE));
      var time = Files.getLastModifiedTime(scene.jwks());
      renewed.publish(scene.jwks());
      Files.setLastModifiedTime(scene.jwks(), time);
      clock.ahead(Duration.ofMinutes(2));
      refused(after, renewed.token(EMAIL, ALICE));
      scene.set("jwks-refresh", "PT1M");
      enters(after, renewed.token(EMAIL, ALICE));
      HotMailProtocol.IMAP.alive(before);
    } finally {
      clock.ahead(Duration.ZERO);
    }
  }

  static void userClaim(HotStage stage) throws Exception {
    var scene = Scene.of(stage);
    try (var before = stage.imap();
        var after = stage.imap()) {
      scene.set();
      refused(after, scene.issuer.token("upn", ALICE));
      enters(before, scene.issuer.token(EMAIL, ALICE));
      scene.set("user-claim", "upn");
      refused(after, scene.issuer.token(EMAIL, ALICE));
      enters(after, scene.issuer.token("upn", ALICE));
      HotMailProtocol.IMAP.alive(before);
    }
  }

  static void clockSkew(HotStage stage) throws Exception {
    var scene = Scene.of(stage);
    var overdue = scene.issuer.token("mail", EMAIL, ALICE, Duration.ofMinutes(-1));
    try (var before = stage.imap();
        var after = stage.imap()) {
      scene.set();
      refused(after, overdue);
      enters(before, scene.issuer.token(EMAIL, ALICE));
      scene.set("clock-skew", "PT5M");
      enters(after, overdue);
      HotMailProtocol.IMAP.alive(before);
    }
  }

  static void requireAtJwt(HotStage stage) throws Exception {
    var scene = Scene.of(stage);
    try (var before = stage.imap();
        var after = stage.imap()) {
      scene.set();
      enters(before, scene.issuer.token(EMAIL, ALICE));
      scene.set("require-at-jwt", "true");
      refused(after, scene.issuer.token(EMAIL, ALICE));
      scene.set("require-at-jwt", "false");
      enters(after, scene.issuer.token(EMAIL, ALICE));
      HotMailProtocol.IMAP.alive(before);
    }
  }
}
