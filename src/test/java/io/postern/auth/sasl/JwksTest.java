package io.postern.auth.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.postern.auth.password.Workers;
import io.postern.config.AuthSettings.OAuth2;
import io.postern.config.TestSettings;
import io.smallrye.jwt.build.Jwt;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An issuer publishes its keys over https. */
class JwksTest {
  private static final char[] NO_PASSWORD = {};
  private static final String USER = "alice@example.test";

  private final KeyPair one = rsa();
  private final KeyPair two = rsa();
  private final Workers workers = new Workers(1, 16);
  private final JwtTokens tokens = new JwtTokens(workers, InstantSource.system());
  private final SSLSocketFactory before = HttpsURLConnection.getDefaultSSLSocketFactory();
  private final AtomicInteger fetched = new AtomicInteger();
  private volatile String published = jwk("one", one);
  private volatile int status = 200;

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private HttpsServer issuer;

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private OAuth2 settings;

  @BeforeEach
  void open() throws Exception {
    var tls = tls();
    // The server trusts what the virtual machine does: here, this issuer.
    HttpsURLConnection.setDefaultSSLSocketFactory(tls.getSocketFactory());
    issuer = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.setHttpsConfigurator(new HttpsConfigurator(tls));
    issuer.createContext(
        "/keys",
        call -> {
          fetched.incrementAndGet();
          var octets = published.getBytes(StandardCharsets.UTF_8);
          call.getResponseHeaders().add("Content-Type", "application/json");
          call.sendResponseHeaders(status, octets.length);
          call.getResponseBody().write(octets);
          call.close();
        });
    issuer.start();
    settings = refreshed("PT1H");
  }

  private OAuth2 refreshed(String every) {
    return TestSettings.of(
            "mail.auth.oauth2.issuer=https://id.example.test",
            "mail.auth.oauth2.audience=mail",
            "mail.auth.oauth2.jwks-refresh=" + every,
            "mail.auth.oauth2.jwks=https://localhost:" + issuer.getAddress().getPort() + "/keys")
        .auth()
        .oauth2();
  }

  @AfterEach
  void close() {
    HttpsURLConnection.setDefaultSSLSocketFactory(before);
    issuer.stop(0);
    workers.close();
  }

  @Test
  void keysAreFetchedOnceForManyTokens() {
    for (int i = 0; i < 10; i++) {
      assertThat(user("one", one)).contains(USER);
    }
    assertThat(fetched).hasValue(1);
  }

  @Test
  void aTokenWithAnUnknownKeyHasTheKeysFetchedAndTheOldOnesGo() {
    // Who was just asked is not asked again at once: jose4j's reprieve is 300 ms.
    long end = System.nanoTime() + Duration.ofMillis(500).toNanos();
    while (System.nanoTime() < end) {
      assertThat(user("one", one)).contains(USER);
    }
    published = jwk("two", two);
    assertThat(user("two", two)).contains(USER);
    assertThat(user("one", one)).isEmpty();
    assertThat(user("two", two)).contains(USER);
  }

  @Test
  void madeUpKeysDoNotHaveTheIssuerAskedEachTime() {
    assertThat(user("one", one)).contains(USER);
    for (int i = 0; i < 20; i++) {
      assertThat(user("made-up-" + i, two)).isEmpty();
    }
    assertThat(fetched.get()).isLessThanOrEqualTo(2);
    assertThat(user("one", one)).contains(USER);
  }

  /** It is a hot key: the next token is judged by it, and by keys as old as it says. */
  @Test
  void anotherTimeToRefreshHoldsFromTheNextToken() {
    assertThat(user("one", one)).contains(USER);
    settings = refreshed("PT2H");
    assertThat(user("one", one)).contains(USER);
    assertThat(fetched).hasValue(2);
    assertThat(user("one", one)).contains(USER);
    assertThat(fetched).hasValue(2);
  }

  @Test
  void anIssuerThatCouldNotBeReachedIsAskedAgain() {
    status = 503;
    assertThat(user("one", one)).isEmpty();
    status = 200;
    assertThat(user("one", one)).contains(USER);
  }

  @Test
  void anIssuerWithACertificateThatNobodyTrustsIsNotBelieved() {
    HttpsURLConnection.setDefaultSSLSocketFactory(before);
    assertThat(user("one", one)).isEmpty();
    assertThat(fetched).hasValue(0);
  }

  private Optional<String> user(String id, KeyPair keys) {
    var token =
        Jwt.issuer("https://id.example.test")
            .audience("mail")
            .claim("email", USER)
            .expiresAt(Instant.now().plusSeconds(600))
            .jws()
            .keyId(id)
            .sign(keys.getPrivate());
    return tokens.judge(settings, token).await().atMost(Duration.ofSeconds(20))
            instanceof Tokens.Verdict.User(var name)
        ? Optional.of(name)
        : Optional.empty();
  }

  private static String jwk(String id, KeyPair keys) {
    var key = (RSAPublicKey) keys.getPublic();
    var base64 = Base64.getUrlEncoder().withoutPadding();
    return "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}]}"
        .formatted(
            id,
            base64.encodeToString(key.getModulus().toByteArray()),
            base64.encodeToString(key.getPublicExponent().toByteArray()));
  }

  private static KeyPair rsa() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has RSA", e);
    }
  }

  /** Shows a certificate of localhost, and trusts it. */
  private static SSLContext tls() throws Exception {
    var keys = rsa();
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    store.setKeyEntry("own", keys.getPrivate(), NO_PASSWORD, new Certificate[] {localhost(keys)});
    var shown = KeyManagerFactory.getInstance("PKIX");
    shown.init(store, NO_PASSWORD);
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, NO_PASSWORD);
    trusted.setCertificateEntry("own", store.getCertificate("own"));
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(shown.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static Certificate localhost(KeyPair keys) throws Exception {
    var name = new X500Name("CN=localhost");
    var now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            Date.from(now.minus(Duration.ofDays(1))),
            Date.from(now.plus(Duration.ofDays(1))),
            name,
            keys.getPublic());
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")));
    var signer = new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate());
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
  }
}
