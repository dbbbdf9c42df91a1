package io.postern.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.embedded.FreePorts;
import io.postern.tls.OpenSslClientOptions;
import io.postern.tls.TlsEngine;
import io.vertx.core.Vertx;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.TrustOptions;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a login at another site than that of the mailbox costs. */
class ResumedHopTest {
  private static final String ALICE = "alice@example.test";
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path scratch;

  private final Vertx vertx = Vertx.vertx();
  private final MemoryDirectory directory = new MemoryDirectory();
  private final List<Integer> eastPorts = FreePorts.many(2);
  private final List<Integer> westPorts = FreePorts.many(2);
  private final AtomicInteger verifiedAtHome = new AtomicInteger();
  private final AtomicInteger verifiedAtFront = new AtomicInteger();

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  static Stream<Arguments> engines() {
    return Stream.of(
        Arguments.of(TlsEngine.OPENSSL, new OpenSslClientOptions()),
        Arguments.of(TlsEngine.JDK, new OpenSslClientOptions()),
        Arguments.of(TlsEngine.OPENSSL, new JdkSSLEngineOptions()),
        Arguments.of(TlsEngine.JDK, new JdkSSLEngineOptions()));
  }

  /** Certificates are verified in full handshakes alone (RFC 8446 §2.2). */
  @ParameterizedTest
  @MethodSource("engines")
  void theTlsSessionWithTheHomeIsResumed(TlsEngine home, SSLEngineOptions front) throws Exception {
    var issuer = new SiteKeys(scratch, "issuer");
    var east = counting(issuer.options("east", "east", DAY), verifiedAtHome);
    var west = counting(issuer.options("west", "west", DAY), verifiedAtFront);
    try (var there = new MemorySite("east", east, directory, eastPorts, Map.of("west", westPorts));
        var here = new MemorySite("west", west, directory, westPorts, Map.of("east", eastPorts))) {
      there.backEndEngine = home;
      here.engine = front;
      there.start().account(ALICE);
      here.start();
      for (int i = 0; i < 5; i++) {
        try (var peer = SiteClient.at(here.imap())) {
          assertThat(peer.login(ALICE)).startsWith("t OK");
          assertThat(peer.say("NOOP")).startsWith("t OK");
        }
      }
    }
    assertThat(List.of(verifiedAtFront.get(), verifiedAtHome.get())).containsExactly(1, 1);
  }

  private SSLOptions counting(SSLOptions options, AtomicInteger verified) throws Exception {
    var trusted =
        (X509TrustManager)
            options.getTrustOptions().getTrustManagerFactory(vertx).getTrustManagers()[0];
    return options.setTrustOptions(TrustOptions.wrap(new Counting(trusted, verified)));
  }

  private record Counting(X509TrustManager trusted, AtomicInteger verified)
      implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      verified.incrementAndGet();
      trusted.checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      verified.incrementAndGet();
      trusted.checkServerTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return trusted.getAcceptedIssuers();
    }
  }
}
