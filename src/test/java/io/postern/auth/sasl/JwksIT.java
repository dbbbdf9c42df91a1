package io.postern.auth.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.postern.Eventually;
import io.postern.auth.password.Workers;
import io.postern.auth.sasl.Tokens.Verdict;
import io.postern.config.TestSettings;
import io.postern.config.area.AuthSettings.OAuth2;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.mutiny.Uni;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
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
class JwksIT {
  private static final char[] NO_PASSWORD = {};
  private static final String USER = "alice@example.test";

  private final KeyPair one = RsaKeys.one();
  private final KeyPair two = RsaKeys.other();
  private final Workers workers = new Workers(1, 16);
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final List<Boolean> counted = new CopyOnWriteArrayList<>();
  private final JwtTokens tokens =
      new JwtTokens(workers, () -> Instant.now().plus(ahead.get()), counted::add);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final SSLSocketFactory before = HttpsURLConnection.getDefaultSSLSocketFactory();
  private final AtomicInteger fetched = new AtomicInteger();
  private volatile String published = jwk("one", one);
  private volatile int status = 200;
  private volatile boolean hanging;

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
          if (hanging) {
            awaitGoOn();
          }
          var octets = published.getBytes(StandardCharsets.UTF_8);
          call.getResponseHeaders().add("Content-Type", "application/json");
          call.sendResponseHeaders(status, octets.length);
          call.getResponseBody().write(octets);
          call.close();
        });
    // One thread would be held by the first call that hangs.
    issuer.setExecutor(Executors.newCachedThreadPool());
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
    goOn.countDown();
    issuer.stop(0);
    workers.close();
  }

  private void awaitGoOn() {
    try {
      goOn.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void keysAreFetchedOnceForManyTokens() {
    for (int i = 0; i < 10; i++) {
      assertThat(user("one", one)).contains(USER);
    }
    assertThat(fetched).hasValue(1);
    assertThat(counted).containsExactly(true);
  }

  @Test
  void anUnknownKeyCausesAFetchAndOldKeysAreDropped() {
    assertThat(user("one", one)).contains(USER);
    published = jwk("two", two);
    ahead.set(IssuerKeys.MIN_INTERVAL);
    assertThat(user("two", two)).contains(USER);
    assertThat(user("one", one)).isEmpty();
    assertThat(user("two", two)).contains(USER);
    assertThat(fetched).hasValue(2);
  }

  @Test
  void unknownKeysDoNotCauseAFetchEachTime() {
    assertThat(user("one", one)).contains(USER);
    for (int i = 0; i < 20; i++) {
      assertThat(judged("made-up-" + i, two)).isEqualTo(new Verdict.Refused());
    }
    assertThat(fetched).hasValue(1);
    ahead.set(IssuerKeys.MIN_INTERVAL);
    for (int i = 0; i < 20; i++) {
      assertThat(judged("made-up-" + i, two)).isEqualTo(new Verdict.Refused());
    }
    assertThat(fetched).hasValue(2);
    assertThat(user("one", one)).contains(USER);
  }

  /** A hot key: the refresh interval of the key set. */
  @Test
  void aChangedRefreshIntervalAppliesToTheNextToken() {
    assertThat(user("one", one)).contains(USER);
    ahead.set(Duration.ofMinutes(2));
    assertThat(user("one", one)).contains(USER);
    assertThat(fetched).hasValue(1);
    settings = refreshed("PT1M");
    assertThat(user("one", one)).contains(USER);
    awaitFetches(2);
  }

  private void awaitFetches(int times) {
    Eventually.holds("it is fetched", () -> counted.size() >= times);
  }

  @Test
  void anUnreachableIssuerIsTriedAgain() {
    status = 503;
    assertThat(judged("one", one)).isEqualTo(new Verdict.Undecided());
    assertThat(judged("one", one)).isEqualTo(new Verdict.Undecided());
    assertThat(fetched).hasValue(1);
    status = 200;
    ahead.set(IssuerKeys.MIN_INTERVAL);
    assertThat(user("one", one)).contains(USER);
    assertThat(counted).containsExactly(false, true);
  }

  /** It took the workers of all passwords, one for each token. */
  @Test
  void aHangingIssuerOccupiesNoWorker() {
    hanging = true;
    var waiting =
        Stream.generate(() -> tokens.verify(settings, token("one", one)))
            .limit(10)
            .map(it -> it.subscribeAsCompletionStage())
            .toList();
    // There is one worker.
    assertThat(workers.run(() -> "password").await().atMost(Duration.ofSeconds(20)))
        .isEqualTo("password");
    assertThat(waiting).noneMatch(it -> it.isDone());
    assertThat(fetched.get()).isLessThanOrEqualTo(1);
    goOn.countDown();
    for (var one : waiting) {
      assertThat(Uni.createFrom().completionStage(one).await().atMost(Duration.ofSeconds(20)))
          .isEqualTo(new Verdict.User(USER));
    }
    assertThat(fetched).hasValue(1);
  }

  @Test
  void aLoginTimesOutOnAHangingIssuer() {
    hanging = true;
    assertThat(judged("one", one)).isEqualTo(new Verdict.Undecided());
    awaitFetches(1);
    assertThat(counted).containsExactly(false);
  }

  @Test
  void oldKeysAreUsedWhileTheIssuerHangs() {
    settings = refreshed("PT1M");
    assertThat(user("one", one)).contains(USER);
    hanging = true;
    ahead.set(Duration.ofDays(3));
    assertThat(user("one", one)).contains(USER);
    assertThat(judged("new", two)).isEqualTo(new Verdict.Undecided());
    awaitFetches(2);
    assertThat(user("one", one)).contains(USER);
    assertThat(counted).containsExactly(true, false);
  }

  @Test
  void anInvalidKeySetLeavesTheOldKeysInPlace() {
    assertThat(user("one", one)).contains(USER);
    int failures = 0;
    for (var garbage : List.of("", "[]", "{}", "{\"keys\":[]}", "{\"keys\":7}", "<html>")) {
      published = garbage;
      ahead.set(ahead.get().plus(Duration.ofHours(2)));
      assertThat(user("one", one)).contains(USER);
      awaitFetches(++failures + 1);
      assertThat(counted.getLast()).isFalse();
    }
  }

  @Test
  void aKeySetMayBeAsLargeAsAllowedAndNoLarger() {
    var set = jwk("one", one);
    published = set + " ".repeat(IssuerKeys.MAX_OCTETS - set.length());
    assertThat(user("one", one)).contains(USER);
    published = set + " ".repeat(IssuerKeys.MAX_OCTETS - set.length() + 1);
    settings = refreshed("PT1M");
    ahead.set(Duration.ofMinutes(2));
    assertThat(user("one", one)).contains(USER);
    awaitFetches(2);
    assertThat(counted).containsExactly(true, false);
  }

  @Test
  void anIssuerWithAnUntrustedCertificateIsRefused() {
    HttpsURLConnection.setDefaultSSLSocketFactory(before);
    assertThat(judged("one", one)).isEqualTo(new Verdict.Undecided());
    assertThat(fetched).hasValue(0);
  }

  private Optional<String> user(String id, KeyPair keys) {
    return judged(id, keys) instanceof Verdict.User(var name)
        ? Optional.of(name)
        : Optional.empty();
  }

  private Verdict judged(String id, KeyPair keys) {
    return tokens.verify(settings, token(id, keys)).await().atMost(Duration.ofSeconds(20));
  }

  private static String token(String id, KeyPair keys) {
    return Jwt.issuer("https://id.example.test")
        .audience("mail")
        .claim("email", USER)
        .claim("email_verified", true)
        .expiresAt(Instant.now().plusSeconds(600))
        .jws()
        .keyId(id)
        .sign(keys.getPrivate());
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

  /** Shows a certificate of localhost, and trusts it. */
  private static SSLContext tls() throws Exception {
    var keys = RsaKeys.other();
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
