package io.postern.app.tls;

import io.postern.admin.settingspage.format.ProfileSigner;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.X509KeyManager;

/**
 * The certificate of the mail ports as the signer of Apple's profiles, read again when it has
 * changed. An RSA key is preferred, which all of Apple's systems verify.
 */
public final class ProfileSigners {
  private static final List<String> KEYS = List.of("RSA", "EC");

  private record Cached(String fingerprint, Optional<ProfileSigner> signer) {}

  private final Vertx vertx;
  private final TlsConfigurationRegistry certificates;
  private final AtomicReference<Cached> cached =
      new AtomicReference<>(new Cached("", Optional.empty()));

  public ProfileSigners(Vertx vertx, TlsConfigurationRegistry certificates) {
    this.vertx = vertx;
    this.certificates = certificates;
  }

  /** The signer of the certificate in use; empty when there is none that can sign. */
  public Optional<ProfileSigner> now() {
    var fingerprint = MailTls.fingerprint(certificates);
    var last = cached.get();
    if (!last.fingerprint.equals(fingerprint)) {
      last = new Cached(fingerprint, read());
      cached.set(last);
    }
    return last.signer;
  }

  private Optional<ProfileSigner> read() {
    return certificates
        .get(MailTls.NAME)
        .flatMap(it -> Optional.ofNullable(it.getKeyStoreOptions()))
        .flatMap(this::keyManager)
        .flatMap(ProfileSigners::signer);
  }

  private Optional<X509KeyManager> keyManager(KeyCertOptions options) {
    try {
      return Stream.of(options.getKeyManagerFactory(vertx).getKeyManagers())
          .filter(X509KeyManager.class::isInstance)
          .map(X509KeyManager.class::cast)
          .findFirst();
    } catch (Exception e) {
      throw new IllegalStateException("the key of the certificate cannot be read", e);
    }
  }

  private static Optional<ProfileSigner> signer(X509KeyManager keys) {
    return KEYS.stream()
        .flatMap(type -> Stream.ofNullable(keys.getServerAliases(type, null)))
        .flatMap(Stream::of)
        .flatMap(alias -> signer(keys, alias).stream())
        .findFirst();
  }

  private static Optional<ProfileSigner> signer(X509KeyManager keys, String alias) {
    PrivateKey key = keys.getPrivateKey(alias);
    X509Certificate[] chain = keys.getCertificateChain(alias);
    return key == null || chain == null ? Optional.empty() : ProfileSigner.of(key, List.of(chain));
  }
}
