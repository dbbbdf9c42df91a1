package io.postern.auth.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.auth.Identity;
import io.postern.auth.IssuerKeysMeter;
import io.postern.auth.LoginFixture;
import io.postern.auth.Refusal;
import io.postern.auth.Sasl.Step;
import io.postern.config.TestSettings;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BearerTest {
  @TempDir private Path folder;
  private final KeyPair one = RsaKeys.one();
  private final KeyPair two = RsaKeys.other();
  private LoginFixture cheap = new LoginFixture();
  private Bearer bearer =
      Bearer.oauthBearer(
          cheap.login, (_, _) -> Uni.createFrom().item(new Tokens.Verdict.Refused()), cheap.live);
  private Bearer old = bearer;

  @BeforeEach
  void issuer() throws IOException {
    publish("one", one);
    cheap.workers.close();
    cheap =
        new LoginFixture(
                "mail.auth.oauth2.issuer=https://id.example.test",
                "mail.auth.oauth2.audience=mail",
                "mail.auth.oauth2.jwks=" + folder.resolve("jwks.json"))
            .with("alice@example.test", "secret", true)
            .with("boss@example.test", "secret", true);
    var tokens = new JwtTokens(cheap.workers, InstantSource.system(), IssuerKeysMeter.NONE);
    bearer = Bearer.oauthBearer(cheap.login, tokens, cheap.live);
    old = Bearer.xoauth2(cheap.login, tokens, cheap.live);
  }

  @AfterEach
  void close() {
    cheap.workers.close();
  }

  private void publish(String id, KeyPair keys) throws IOException {
    var key = (RSAPublicKey) keys.getPublic();
    var base64 = Base64.getUrlEncoder().withoutPadding();
    Files.writeString(
        folder.resolve("jwks.json"),
        "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}]}"
            .formatted(
                id,
                base64.encodeToString(key.getModulus().toByteArray()),
                base64.encodeToString(key.getPublicExponent().toByteArray())));
  }

  private static JwtClaimsBuilder claims(String audience, String user, long seconds) {
    return Jwt.issuer("https://id.example.test")
        .audience(audience)
        .claim("email", user)
        .claim("email_verified", true)
        .issuedAt(Instant.now().minusSeconds(3600))
        .expiresAt(Instant.now().plusSeconds(seconds));
  }

  private static String token(String id, KeyPair keys, String audience, String user, long seconds) {
    return claims(audience, user, seconds).jws().keyId(id).sign(keys.getPrivate());
  }

  private JwtClaimsBuilder ofAlice() {
    return claims("mail", "alice@example.test", 600);
  }

  private String signed(String type, JwtClaimsBuilder claims) {
    return claims.jws().keyId("one").type(type).sign(one.getPrivate());
  }

  private void set(String... more) {
    var all = new ArrayList<String>();
    all.add("mail.auth.oauth2.issuer=https://id.example.test");
    all.add("mail.auth.oauth2.audience=mail");
    all.add("mail.auth.oauth2.jwks=" + folder.resolve("jwks.json"));
    all.addAll(List.of(more));
    cheap.live.swap(TestSettings.of(all.toArray(String[]::new)));
  }

  private String good() {
    return token("one", one, "mail", "alice@example.test", 600);
  }

  private Step login(Bearer mechanism, String message) {
    var start = mechanism.start(LoginFixture.CLIENT, Optional.of(Buffer.buffer(message)));
    return LoginFixture.await(start);
  }

  private Step welcome() {
    return new Step.Done(
        new Identity(cheap.id("alice@example.test"), "alice@example.test", "alice@example.test"));
  }

  private static String oauth(String user, String token) {
    return "n,a=" + user + ",\1host=h\1port=143\1auth=Bearer " + token + "\1\1";
  }

  @Test
  void aTokenLogsItsUserIn() {
    assertThat(login(bearer, oauth("alice@example.test", good()))).isEqualTo(welcome());
    assertThat(login(bearer, "n,,\1auth=bearer " + good() + "\1\1")).isEqualTo(welcome());
    assertThat(login(old, "user=alice@example.test\1auth=Bearer " + good() + "\1\1"))
        .isEqualTo(welcome());
  }

  @Test
  void aTokenOfAnotherUserIsRefused() {
    refused(oauth("boss@example.test", good()));
    refused(oauth("x", token("one", one, "mail", "nobody@example.test", 600)));
  }

  @Test
  void expiredForeignOrUnsignedTokensAreRefused() {
    refused(oauth("", token("one", one, "mail", "alice@example.test", -600)));
    refused(oauth("", token("one", one, "other", "alice@example.test", 600)));
    refused(oauth("", token("one", two, "mail", "alice@example.test", 600)));
    refused(oauth("", "no.token.atall"));
    var none = Base64.getUrlEncoder().withoutPadding();
    refused(
        oauth(
            "",
            none.encodeToString(
                    "{\"alg\":\"none\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                + good().substring(good().indexOf('.'), good().lastIndexOf('.') + 1)));
  }

  /** It was kept as it had been when the keys were read. */
  @Test
  void aChangedClockSkewAppliesToTheNextToken() {
    var overdue = oauth("", token("one", one, "mail", "alice@example.test", -60));
    refused(overdue);
    set("mail.auth.oauth2.clock-skew=PT5M");
    assertThat(login(bearer, overdue)).isEqualTo(welcome());
  }

  /** RFC 7628 §3.2.2: an error as JSON, then the refusal. */
  private void refused(String message) {
    var step = login(bearer, message);
    assertThat(step).isInstanceOf(Step.Challenge.class);
    var challenge = (Step.Challenge) step;
    assertThat(challenge.text().toString()).contains("\"status\":\"invalid_token\"");
    assertThat(LoginFixture.await(challenge.next().apply(Buffer.buffer("\1"))))
        .isEqualTo(new Step.Refused(Refusal.CREDENTIALS));
  }

  @Test
  void replacedKeysApplyAtOnce() throws IOException {
    assertThat(login(bearer, oauth("", good()))).isEqualTo(welcome());
    publish("two", two);
    Files.setLastModifiedTime(
        folder.resolve("jwks.json"), FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(login(bearer, oauth("", token("two", two, "mail", "alice@example.test", 600))))
        .isEqualTo(welcome());
    refused(oauth("", good()));
  }

  @Test
  void anUnverifiedEmailIsRefused() {
    refused(oauth("", signed("JWT", ofAlice().claim("email_verified", false))));
    refused(oauth("", signed("JWT", ofAlice().claim("email_verified", "false"))));
    refused(oauth("", signed("JWT", ofAlice().remove("email_verified"))));
    assertThat(login(bearer, oauth("", signed("JWT", ofAlice().claim("email_verified", "true")))))
        .isEqualTo(welcome());
  }

  @Test
  void otherClaimsNeedNoVerifiedEmail() {
    set("mail.auth.oauth2.user-claim=upn");
    var token = ofAlice().claim("upn", "alice@example.test").remove("email_verified");
    assertThat(login(bearer, oauth("", signed("JWT", token)))).isEqualTo(welcome());
  }

  @Test
  void aClaimIsTakenLiterally() {
    for (var claim :
        List.of("example.test\\alice", "example.test/alice", "alice@example.test/alice")) {
      refused(oauth("", token("one", one, "mail", claim, 600)));
    }
  }

  @Test
  void tokensOfOtherKindsAreRefused() {
    refused(oauth("", signed("logout+jwt", ofAlice())));
    refused(oauth("", signed("application/secevent+jwt", ofAlice())));
    refused(oauth("", signed("JWT", ofAlice().claim("typ", "ID"))));
    refused(oauth("", signed("JWT", ofAlice().claim("typ", "Refresh"))));
    refused(oauth("", signed("JWT", ofAlice().claim("typ", "Logout"))));
    refused(oauth("", signed("JWT", ofAlice().claim("token_use", "id"))));
    refused(oauth("", signed("JWT", ofAlice().claim("nonce", "n-0S6"))));
    refused(oauth("", signed("JWT", ofAlice().claim("at_hash", "77QmUPtjPfzWtF2AnpK9RQ"))));
    refused(oauth("", signed("JWT", ofAlice().claim("events", Map.of("x", "y")))));
    refused(oauth("", signed("at+jwt", ofAlice().claim("cnf", Map.of("jkt", "x")))));
    for (var type : List.of("JWT", "at+jwt", "AT+JWT", "application/at+jwt")) {
      assertThat(login(bearer, oauth("", signed(type, ofAlice())))).isEqualTo(welcome());
    }
    var keycloak = ofAlice().claim("typ", "Bearer").claim("nonce", "n-0S6");
    assertThat(login(bearer, oauth("", signed("JWT", keycloak)))).isEqualTo(welcome());
  }

  @Test
  void requireAtJwtAcceptsOnlyTypedAccessTokens() {
    set("mail.auth.oauth2.require-at-jwt=true");
    refused(oauth("", signed("JWT", ofAlice())));
    assertThat(login(bearer, oauth("", signed("at+jwt", ofAlice())))).isEqualTo(welcome());
  }

  @Test
  void malformedMessagesAreRefused() {
    for (var message :
        List.of("", "n,,", "n,,\1\1", "n,,\1auth=Basic x\1\1", "x\1auth=Bearer a\1\1")) {
      assertThat(login(bearer, message)).isEqualTo(new Step.Refused(Refusal.MALFORMED));
    }
  }

  /** Each pair took its part of the stack: the connection broke by a StackOverflowError. */
  @Test
  void aMessageOfManyPairsIsParsed() {
    var pairs = "a=b\1".repeat(20_000);
    assertThat(login(bearer, "n,,\1" + pairs + "auth=Bearer " + good() + "\1\1"))
        .isEqualTo(welcome());
    assertThat(login(old, "user=x\1" + pairs + "\1"))
        .isEqualTo(new Step.Refused(Refusal.MALFORMED));
  }

  @Test
  void malformedTokensAreRefused() {
    // "null", an array, a text and no JSON, in Base64
    for (var part : List.of("bnVsbA", "W10", "IngiCg", "eA", "", "e30", "====")) {
      refused(oauth("", part + "." + part + "." + part));
    }
  }

  @Test
  void withoutAnIssuerItIsNotOffered() {
    var none = new LoginFixture();
    assertThat(bearer.offered(LoginFixture.CLIENT)).isTrue();
    assertThat(
            Bearer.oauthBearer(
                    none.login,
                    (_, _) -> Uni.createFrom().item(new Tokens.Verdict.Refused()),
                    none.live)
                .offered(LoginFixture.CLIENT))
        .isFalse();
    none.workers.close();
  }
}
