package io.postern.sessions;

import io.postern.tls.TlsSource;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SSLOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates of users, and the one authority for them that the server trusts. */
final class ClientCertificates {
  private static final X500Name AUTHORITY = new X500Name("CN=Users of example.test");
  private static final KeyPair KEYS = keys();
  private static final X509Certificate OWN = certificate(AUTHORITY, KEYS, "");
  private static final char[] NO_PASSWORD = {};

  private ClientCertificates() {}

  /** A server with this certificate that asks for one of ours, and lets in without, too. */
  static TlsSource asked(SSLOptions own) {
    return new TlsSource() {
      @Override
      public SSLOptions options() {
        return new SSLOptions(own)
            .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authority())));
      }

      @Override
      public ClientAuth clientAuth() {
        return ClientAuth.REQUEST;
      }
    };
  }

  /** A file with the authority's certificate. */
  static String trusted() {
    try {
      var file = Files.createTempFile("authority", ".pem");
      file.toFile().deleteOnExit();
      return Files.writeString(file, authority()).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String authority() {
    try {
      var lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
      var text = lines.encodeToString(OWN.getEncoded());
      return "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One whose rfc822Name is the user. */
  static KeyManager[] of(String user) throws IOException {
    try {
      var keys = keys();
      var chain = new Certificate[] {certificate(new X500Name("CN=user"), keys, user), OWN};
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      store.setKeyEntry("user", keys.getPrivate(), NO_PASSWORD, chain);
      var managers = KeyManagerFactory.getInstance("PKIX");
      managers.init(store, NO_PASSWORD);
      return managers.getKeyManagers();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate certificate(X500Name subject, KeyPair keys, String user) {
    var now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            AUTHORITY,
            BigInteger.valueOf(now.toEpochMilli()),
            Date.from(now.minus(Duration.ofDays(1))),
            Date.from(now.plus(Duration.ofDays(1))),
            subject,
            keys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(user.isEmpty()));
      if (!user.isEmpty()) {
        var name = new GeneralName(GeneralName.rfc822Name, user);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
      }
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(KEYS.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has EC", e);
    }
  }
}
