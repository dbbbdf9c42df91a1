package io.postern.tls;

import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SSLOptions;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.X509TrustManager;

/**
 * The TLS configuration of a listener, as read from its source.
 *
 * @param certificates the server's; empty for no TLS
 * @param others all options but the certificates
 * @param issuers trusted issuers of client certificates
 * @param source what is decided at each handshake
 * @param byHost whether a client that names a host is shown the certificate of that host
 */
public record TlsConfig(
    Vertx vertx,
    Optional<KeyCertOptions> certificates,
    SSLOptions others,
    Set<X509Certificate> issuers,
    TlsSource source,
    boolean byHost) {
  private static final Set<String> VERSIONS = Set.of("TLSv1.2", "TLSv1.3");

  /** Reads the source. May read files. */
  public static TlsConfig of(Vertx vertx, TlsSource source) {
    var said = new SSLOptions(source.options());
    said.setEnabledSecureTransportProtocols(VERSIONS);
    var suites = AeadSuites.of(Set.copyOf(said.getEnabledCipherSuites()));
    said.getEnabledCipherSuites().clear();
    suites.forEach(said::addEnabledCipherSuite);
    return new TlsConfig(
        vertx,
        Optional.ofNullable(said.getKeyCertOptions()),
        new SSLOptions(said).setKeyCertOptions(null),
        issuers(vertx, said),
        source,
        source.sni());
  }

  private static Set<X509Certificate> issuers(Vertx vertx, SSLOptions said) {
    if (said.getTrustOptions() == null) {
      return Set.of();
    }
    try {
      return Arrays.stream(said.getTrustOptions().getTrustManagerFactory(vertx).getTrustManagers())
          .filter(X509TrustManager.class::isInstance)
          .map(X509TrustManager.class::cast)
          .flatMap(manager -> Arrays.stream(manager.getAcceptedIssuers()))
          .collect(Collectors.toUnmodifiableSet());
    } catch (Exception e) {
      throw new IllegalArgumentException("who is trusted cannot be read: " + e.getMessage(), e);
    }
  }

  /** Whether there is a certificate. */
  public boolean certified() {
    return certificates.isPresent();
  }

  /** Replaces the certificates that are shown. */
  public void show(ReloadableCertificates keys) {
    certificates.ifPresent(options -> keys.show(vertx, options, byHost));
  }

  /** Whether only the certificates have changed, so that the servers need no update. */
  public boolean differInKeysOnly(TlsConfig before) {
    return certified()
        && before.certified()
        && issuers.equals(before.issuers)
        && withoutTrust().equals(before.withoutTrust());
  }

  private SSLOptions withoutTrust() {
    return new SSLOptions(others).setTrustOptions(null);
  }

  /** All options, with the reloadable certificates. */
  public SSLOptions options(ReloadableCertificates keys) {
    var options = new SSLOptions(others);
    return certified() ? options.setKeyCertOptions(KeyCertOptions.wrap(keys)) : options;
  }

  /** The same for a server that is about to be bound. */
  public NetServerOptions configure(NetServerOptions server, ReloadableCertificates keys) {
    server
        .setSslEngineOptions(new HandshakePolicy(source, keys))
        .setKeyCertOptions(options(keys).getKeyCertOptions())
        .setTrustOptions(others.getTrustOptions())
        .setEnabledSecureTransportProtocols(others.getEnabledSecureTransportProtocols())
        .setSslHandshakeTimeout(others.getSslHandshakeTimeout())
        .setSslHandshakeTimeoutUnit(others.getSslHandshakeTimeoutUnit());
    others.getEnabledCipherSuites().forEach(server::addEnabledCipherSuite);
    others.getCrlPaths().forEach(server::addCrlPath);
    others.getCrlValues().forEach(server::addCrlValue);
    return server;
  }
}
