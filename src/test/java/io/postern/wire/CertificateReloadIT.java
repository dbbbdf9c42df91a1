package io.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.tls.TlsConfig;
import io.postern.tls.TlsEngine;
import io.postern.tls.TlsSource;
import io.postern.wire.transport.Listener;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SSLOptions;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates are renewed while clients connect. */
@ParameterizedClass
@EnumSource(TlsEngine.class)
class CertificateReloadIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final List<SSLOptions> CERTIFICATES =
      List.of(Certificates.of("even"), Certificates.of("odd"));
  private static final int RENEWALS = 50;

  @Parameter private TlsEngine engine = TlsEngine.JDK;

  private final Loopback loopback = new Loopback();
  private final EchoProtocol protocol = new EchoProtocol(true);
  private volatile SSLOptions now = CERTIFICATES.getFirst();

  @AfterEach
  void close() {
    loopback.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"STARTTLS", "IMPLICIT"})
  void connectionsDuringARenewalAreAccepted(Listener.Tls tls) throws Exception {
    var listener = loopback.listen(protocol, tls, new EngineSource(engine, () -> now));
    var done = new AtomicBoolean();
    var came = new AtomicInteger();
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    var clients =
        List.of(
            Thread.ofVirtual().start(() -> comeAndGo(listener, tls, done, came, failures)),
            Thread.ofVirtual().start(() -> comeAndGo(listener, tls, done, came, failures)));
    for (int i = 1; i <= RENEWALS || came.get() < RENEWALS; i++) {
      now = CERTIFICATES.get(i % 2);
      listener.renewCertificate().await().atMost(SOON);
      assertThat(shown(listener, tls)).isEqualTo(i % 2 == 0 ? "CN=even" : "CN=odd");
    }
    done.set(true);
    for (var client : clients) {
      client.join();
    }
    assertThat(failures).isEmpty();
  }

  private static void comeAndGo(
      Listener listener,
      Listener.Tls tls,
      AtomicBoolean done,
      AtomicInteger came,
      Queue<Throwable> failures) {
    while (!done.get()) {
      try {
        shown(listener, tls);
      } catch (Exception e) {
        failures.add(e);
      }
      came.incrementAndGet();
    }
  }

  private static String shown(Listener listener, Listener.Tls tls) throws Exception {
    try (var client = Client.connect(listener.port())) {
      if (tls == Listener.Tls.STARTTLS) {
        client.expect("* hello").send("TLS\r\n").expect("OK begin");
      }
      return client.startTls().getSubjectX500Principal().getName();
    }
  }

  @Test
  void onlyChangedKeysAreReloaded() {
    var vertx = Vertx.vertx();
    var config = terms(vertx, new SSLOptions(CERTIFICATES.getFirst()));
    assertThat(terms(vertx, new SSLOptions(CERTIFICATES.getLast())).differInKeysOnly(config))
        .isTrue();
    var trusting = new SSLOptions(CERTIFICATES.getFirst()).setTrustOptions(issuer("one"));
    assertThat(terms(vertx, trusting).differInKeysOnly(config)).isFalse();
    assertThat(terms(vertx, new SSLOptions(trusting)).differInKeysOnly(terms(vertx, trusting)))
        .isTrue();
    var other = new SSLOptions(trusting).setTrustOptions(issuer("two"));
    assertThat(terms(vertx, other).differInKeysOnly(terms(vertx, trusting))).isFalse();
    var narrower =
        new SSLOptions(CERTIFICATES.getFirst()).addEnabledCipherSuite("TLS_AES_128_GCM_SHA256");
    assertThat(terms(vertx, narrower).differInKeysOnly(config)).isFalse();
    assertThat(terms(vertx, new SSLOptions()).differInKeysOnly(config)).isFalse();
    assertThat(vertx.close().toCompletionStage().toCompletableFuture()).succeedsWithin(SOON);
  }

  private static PemTrustOptions issuer(String name) {
    return new PemTrustOptions().addCertValue(Certificates.made(name).certificate());
  }

  private static TlsConfig terms(Vertx vertx, SSLOptions options) {
    TlsSource source = () -> options;
    return TlsConfig.of(vertx, source);
  }
}
