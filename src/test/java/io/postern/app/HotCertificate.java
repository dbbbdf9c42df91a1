package io.postern.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
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
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate of a user, self-signed, in files: the server's settings are written by one class
 * loader of a test and its client is in another.
 *
 * @param pem the certificate alone
 */
record HotCertificate(Path pem) {
  private static final char[] PASSWORD = "of no worth".toCharArray();

  /** Creates one with this rfc822Name, and the common name of no account. */
  static HotCertificate make(Path directory, String user) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      var keys = generator.generateKeyPair();
      var self = new X500Name("CN=stranger@example.test");
      var now = Instant.now();
      var builder =
          new JcaX509v3CertificateBuilder(
              self,
              BigInteger.ONE,
              Date.from(now.minus(Duration.ofDays(1))),
              Date.from(now.plus(Duration.ofDays(1))),
              self,
              keys.getPublic());
      var name = new GeneralNames(new GeneralName(GeneralName.rfc822Name, user));
      builder.addExtension(Extension.subjectAlternativeName, false, name);
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      var certificate = new JcaX509CertificateConverter().getCertificate(builder.build(signer));
      var made = new HotCertificate(directory.resolve("user.pem"));
      made.write(certificate);
      made.write(KeyStore.getInstance("PKCS12"), keys.getPrivate(), certificate);
      return made;
    } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("no certificate could be made", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(X509Certificate certificate) throws IOException, GeneralSecurityException {
    var lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    var text = lines.encodeToString(certificate.getEncoded());
    Files.writeString(
        pem, "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n");
  }

  private void write(KeyStore store, java.security.Key key, Certificate certificate)
      throws IOException, GeneralSecurityException {
    store.load(null, PASSWORD);
    store.setKeyEntry("user", key, PASSWORD, new Certificate[] {certificate});
    try (var out = Files.newOutputStream(store())) {
      store.store(out, PASSWORD);
    }
  }

  private Path store() {
    return pem.resolveSibling("user.p12");
  }

  /** What a client shows it with. */
  KeyManager[] keys() throws IOException {
    try (var in = Files.newInputStream(store())) {
      var store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD);
      var managers = KeyManagerFactory.getInstance("PKIX");
      managers.init(store, PASSWORD);
      return managers.getKeyManagers();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }
}
