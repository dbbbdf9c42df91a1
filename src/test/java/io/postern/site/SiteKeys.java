package io.postern.site;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SSLOptions;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManager;
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

/** An issuer of the certificates of sites, and what it has issued, in files. */
public final class SiteKeys {
  private final Path directory;
  private final KeyPair keys;
  private final X500Name name;
  private final Path trusted;

  /**
   * @param directory for its files
   */
  public SiteKeys(Path directory, String name) throws Exception {
    this.directory = directory;
    this.name = new X500Name("CN=" + name);
    this.keys = pair();
    var own = builder(this.name, keys, Duration.ofDays(1));
    own.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    this.trusted = write(name + ".ca.crt", "CERTIFICATE", signed(own).getEncoded());
  }

  private static KeyPair pair() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private JcaX509v3CertificateBuilder builder(X500Name subject, KeyPair of, Duration validity) {
    var now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        name,
        BigInteger.valueOf(System.nanoTime()),
        Date.from(now.minus(Duration.ofDays(2))),
        Date.from(now.plus(validity)),
        subject,
        of.getPublic());
  }

  private X509Certificate signed(JcaX509v3CertificateBuilder builder)
      throws GeneralSecurityException, OperatorCreationException {
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
  }

  private Path write(String file, String what, byte[] der) throws IOException {
    var text = Base64.getMimeEncoder().encodeToString(der);
    return Files.writeString(
        directory.resolve(file),
        "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }

  /** The settings of a site with a new certificate of this issuer, which it trusts. */
  public Map<String, String> of(String site) throws Exception {
    return of(site, site, Duration.ofDays(1));
  }

  /**
   * The same for a certificate that names another site, or has ended.
   *
   * @param named the site that it names
   * @param validity from now on; negative for one that has ended
   */
  public Map<String, String> of(String file, String named, Duration validity) throws Exception {
    var own = pair();
    var builder = builder(new X500Name("CN=" + file), own, validity);
    alternative(builder, named);
    var settings = new HashMap<String, String>();
    settings.put(
        "quarkus.tls.site.key-store.pem.0.cert",
        write(file + ".crt", "CERTIFICATE", signed(builder).getEncoded()).toString());
    settings.put(
        "quarkus.tls.site.key-store.pem.0.key",
        write(file + ".key", "PRIVATE KEY", own.getPrivate().getEncoded()).toString());
    settings.put("quarkus.tls.site.trust-store.pem.certs", trusted.toString());
    return settings;
  }

  /** The same as options. */
  public SSLOptions options(String file, String named, Duration validity) throws Exception {
    var settings = of(file, named, validity);
    return new SSLOptions()
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .addCertPath(settings.get("quarkus.tls.site.key-store.pem.0.cert"))
                .addKeyPath(settings.get("quarkus.tls.site.key-store.pem.0.key")))
        .setTrustOptions(new PemTrustOptions().addCertPath(trusted.toString()));
  }

  /** Shows the certificate of a site that this issuer has made, as a client of the site does. */
  public KeyManager manager(String site) throws Exception {
    var options =
        new PemKeyCertOptions()
            .addCertPath(directory.resolve(site + ".crt").toString())
            .addKeyPath(directory.resolve(site + ".key").toString());
    return options.getKeyManagerFactory(Vertx.vertx()).getKeyManagers()[0];
  }

  /** Both forms of names of sites. */
  private static void alternative(JcaX509v3CertificateBuilder builder, String site)
      throws CertIOException {
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(
                  GeneralName.uniformResourceIdentifier, "spiffe://mail.example.test/site/" + site),
              new GeneralName(GeneralName.dNSName, site)
            }));
  }
}
