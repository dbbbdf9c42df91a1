package io.postern.app;

import io.postern.wire.door.TlsSource;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.SSLOptions;

/**
 * The certificate of all mail ports: the platform's TLS configuration {@code mail}, read anew each
 * time, so that a renewed certificate is seen.
 *
 * @param clientAuth whether clients are asked for a certificate
 */
record MailTls(TlsConfigurationRegistry registry, ClientAuth clientAuth) implements TlsSource {
  /** The name of the configuration: {@code quarkus.tls.mail.…}. */
  static final String NAME = "mail";

  @Override
  public SSLOptions options() {
    return registry.get(NAME).map(TlsConfiguration::getSSLOptions).orElseGet(SSLOptions::new);
  }

  /** Whether there is a certificate to show. */
  boolean present() {
    return options().getKeyCertOptions() != null;
  }

  /** Whether it says whose certificates are accepted. */
  boolean trusts() {
    return options().getTrustOptions() != null;
  }
}
