package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.wire.Certificates;
import io.postern.wire.TrustsAll;
import io.quarkus.tls.BaseTlsConfiguration;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SSLOptions;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The ports of the settings page. */
class SettingsPagesTest {
  private final Vertx vertx = Vertx.vertx();
  private final Live live =
      new Live(TestSettings.of("mail.settings-page.ssl-bindings=127.0.0.1:0"));
  private final SSLOptions certificates =
      Certificates.of("mail.example.test", "autoconfig.example.test");
  private final SettingsPages pages =
      new SettingsPages(vertx, live, new Registry(certificates), InstantSource.system());

  /** One configuration, under every name; the certificate is selected by SNI. */
  private record Registry(SSLOptions certificates) implements TlsConfigurationRegistry {
    @Override
    public Optional<TlsConfiguration> get(String name) {
      return Optional.of(
          new BaseTlsConfiguration() {
            @Override
            public KeyCertOptions getKeyStoreOptions() {
              return certificates.getKeyCertOptions();
            }

            @Override
            public SSLOptions getSSLOptions() {
              return certificates;
            }

            @Override
            public boolean usesSni() {
              return true;
            }
          });
    }

    @Override
    public Optional<TlsConfiguration> getDefault() {
      return Optional.empty();
    }

    @Override
    public void register(String name, TlsConfiguration configuration) {
      throw new UnsupportedOperationException();
    }
  }

  @AfterEach
  void stop() throws Exception {
    pages.end();
    await(vertx.close());
  }

  private static void await(Future<Void> future) throws Exception {
    future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** The subject of the certificate that a client of this host name is shown. */
  private String shown(String host) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(null, TrustsAll.managers(), null);
    int port = URI.create(pages.urls().getFirst()).getPort();
    try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      var parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(host)));
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      var certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return certificate.getSubjectX500Principal().getName();
    }
  }

  @Test
  void theCertificateIsThatOfTheHostThatTheClientNames() throws Exception {
    pages.apply();
    assertThat(pages.failures()).isEmpty();
    assertThat(shown("autoconfig.example.test")).isEqualTo("CN=autoconfig.example.test");
    assertThat(shown("mail.example.test")).isEqualTo("CN=mail.example.test");
  }

  @Test
  void theCertificateIsStillThatOfTheHostAfterItIsRenewed() throws Exception {
    pages.apply();
    await(pages.renewCertificate());
    assertThat(shown("autoconfig.example.test")).isEqualTo("CN=autoconfig.example.test");
    assertThat(shown("mail.example.test")).isEqualTo("CN=mail.example.test");
  }
}
