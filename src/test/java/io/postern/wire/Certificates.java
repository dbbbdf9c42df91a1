package io.postern.wire;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SSLOptions;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Self-signed certificates for loopback. */
public final class Certificates {
  private Certificates() {}

  /** One for each name, with its key. */
  public static SSLOptions of(String... commonNames) {
    var all = new PemKeyCertOptions();
    for (var commonName : commonNames) {
      var made = made(commonName);
      all.addCertValue(made.certificate()).addKeyValue(made.key());
    }
    return new SSLOptions().setKeyCertOptions(all);
  }

  /** A certificate and its key, as PEM. */
  public record Made(Buffer certificate, Buffer key) {}

  /** One for the name, valid for a day. */
  public static Made made(String commonName) {
    return made(commonName, Duration.ofDays(1));
  }

  /** One for the name that ends when this time is over. */
  public static Made made(String commonName, Duration validity) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      var keys = generator.generateKeyPair();
      var name = new X500Name("CN=" + commonName);
      var now = Instant.now();
      var certificate =
          new JcaX509v3CertificateBuilder(
                  name,
                  BigInteger.ONE,
                  Date.from(now.minus(Duration.ofDays(1))),
                  Date.from(now.plus(validity)),
                  name,
                  keys.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
      return new Made(
          pem("CERTIFICATE", certificate.getEncoded()),
          pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
    } catch (Exception failure) {
      throw new IllegalStateException("no certificate could be made", failure);
    }
  }

  private static Buffer pem(String what, byte[] der) {
    var lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    var text = lines.encodeToString(der);
    return Buffer.buffer(
        "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }
}
