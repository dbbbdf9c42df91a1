package io.postern.embedded;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A self-signed certificate for {@code localhost}, renewed in its directory before it expires.
 *
 * @param certificate PEM file
 * @param key PEM file, PKCS#8, readable by its owner only
 */
record DevelopmentCertificate(Path certificate, Path key) {

  /** The longest validity that Apple's mail clients accept. */
  private static final Duration VALID_FOR = Duration.ofDays(825);

  private static final Duration RENEWED_BEFORE_END = Duration.ofDays(60);

  /** For clients whose clock is behind this machine's. */
  private static final Duration VALID_BEFORE_NOW = Duration.ofDays(1);

  private static final int SERIAL_BITS = 120;

  /** The certificate of a data directory; created if there is none that stays valid. */
  static DevelopmentCertificate in(DataDirectory directory) throws IOException {
    var tls = directory.subdirectory("tls");
    var found = new DevelopmentCertificate(tls.resolve("mail.crt"), tls.resolve("mail.key"));
    try {
      if (!found.isValid()) {
        found.create(directory);
      }
      return found;
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("the development certificate could not be created", e);
    }
  }

  private boolean isValid() throws IOException, GeneralSecurityException {
    if (!Files.exists(certificate) || !Files.exists(key)) {
      return false;
    }
    try (var in = Files.newInputStream(certificate)) {
      var current =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      return current.getNotAfter().toInstant().isAfter(Instant.now().plus(RENEWED_BEFORE_END));
    }
  }

  private void create(DataDirectory directory)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    var pair = generator.generateKeyPair();
    directory.secret("tls/mail.key", pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    directory.secret("tls/mail.crt", pem("CERTIFICATE", signed(pair)));
  }

  private static byte[] signed(KeyPair pair) throws IOException, OperatorCreationException {
    var name = new X500Name("CN=localhost");
    var now = Instant.now();
    return new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(SERIAL_BITS, new SecureRandom()),
            Date.from(now.minus(VALID_BEFORE_NOW)),
            Date.from(now.plus(VALID_FOR)),
            name,
            pair.getPublic())
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
        .addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
        .addExtension(Extension.subjectAlternativeName, false, names())
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
        .getEncoded();
  }

  private static GeneralNames names() {
    return new GeneralNames(
        new GeneralName[] {
          new GeneralName(GeneralName.dNSName, "localhost"),
          new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
          new GeneralName(GeneralName.iPAddress, "::1")
        });
  }

  private static String pem(String what, byte[] der) {
    var encoder = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, encoder.encodeToString(der), what);
  }
}
