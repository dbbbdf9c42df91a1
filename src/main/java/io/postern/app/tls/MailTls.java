package io.postern.app.tls;

import io.postern.tls.TicketSecret;
import io.postern.tls.TlsEngine;
import io.postern.tls.TlsSource;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.SSLOptions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The certificate of all mail ports: the platform's TLS configuration {@code mail}, read each time,
 * so that a renewed certificate takes effect.
 *
 * @param asked whether clients are asked for a certificate, by the current settings
 * @param refuses12 whether TLS 1.2 is refused, by the current settings
 * @param engines which engine performs a handshake, by the current settings
 * @param tickets the secret that replicas share
 */
public record MailTls(
    TlsConfigurationRegistry registry,
    Supplier<ClientAuth> asked,
    BooleanSupplier refuses12,
    Supplier<TlsEngine> engines,
    Supplier<Optional<TicketSecret>> tickets)
    implements TlsSource {
  /** The name of the configuration: {@code quarkus.tls.mail.…}. */
  public static final String NAME = "mail";

  @Override
  public SSLOptions options() {
    return registry.get(NAME).map(TlsConfiguration::getSSLOptions).orElseGet(SSLOptions::new);
  }

  /** Requests no certificate without a trust store: the platform would trust the public CAs. */
  @Override
  public ClientAuth clientAuth() {
    var wish = asked.get();
    return wish == ClientAuth.NONE || trusts() ? wish : ClientAuth.NONE;
  }

  @Override
  public TlsEngine engine() {
    return engines.get();
  }

  @Override
  public Optional<TicketSecret> ticketSecret() {
    return tickets.get();
  }

  @Override
  public boolean onlyTls13() {
    return refuses12.getAsBoolean();
  }

  @Override
  public boolean sni() {
    return registry.get(NAME).filter(TlsConfiguration::usesSni).isPresent();
  }

  /** A fingerprint of all certificates and issuers; it changes when any of them does. */
  public static String fingerprint(TlsConfigurationRegistry registry) {
    return registry.get(NAME).stream()
        .flatMap(tls -> Stream.of(tls.getKeyStore(), tls.getTrustStore()))
        .map(store -> store == null ? "none" : fingerprint(store))
        .collect(Collectors.joining(" "));
  }

  private static String fingerprint(KeyStore store) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      for (var alias : Collections.list(store.aliases())) {
        sha.update(store.getCertificate(alias).getEncoded());
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the certificates cannot be read", e);
    }
  }

  /** When the first of the server's certificates expires; empty when there is none. */
  public static Optional<Instant> notAfter(TlsConfigurationRegistry registry) {
    return registry.get(NAME).map(TlsConfiguration::getKeyStore).flatMap(MailTls::notAfter);
  }

  /** The same for a key store; trusted certificates and issuers are ignored. */
  static Optional<Instant> notAfter(KeyStore store) {
    try {
      var ends = new ArrayList<Instant>();
      for (var alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias) && store.getCertificate(alias) instanceof X509Certificate it) {
          ends.add(it.getNotAfter().toInstant());
        }
      }
      return ends.stream().min(Comparator.naturalOrder());
    } catch (KeyStoreException e) {
      throw new IllegalStateException("the certificates cannot be read", e);
    }
  }

  /** Whether there is a server certificate. */
  public boolean present() {
    return options().getKeyCertOptions() != null;
  }

  /** Whether a trust store is configured. */
  public boolean trusts() {
    return options().getTrustOptions() != null;
  }
}
