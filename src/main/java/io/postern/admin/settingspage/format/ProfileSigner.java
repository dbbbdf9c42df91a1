package io.postern.admin.settingspage.format;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * Signs profiles with a server certificate (CMS SignedData with its content, RFC 5652 §5), so that
 * Apple's systems show who has made them.
 *
 * @param key of the first certificate; EC or RSA
 * @param chain the server's certificate and its issuers
 */
public record ProfileSigner(PrivateKey key, List<X509Certificate> chain) {
  public ProfileSigner {
    chain = List.copyOf(chain);
  }

  /** Makes a signer; empty when there is no certificate, or its key is of another kind. */
  public static Optional<ProfileSigner> of(PrivateKey key, List<X509Certificate> chain) {
    return chain.isEmpty() || algorithm(key).isEmpty()
        ? Optional.empty()
        : Optional.of(new ProfileSigner(key, chain));
  }

  private static Optional<String> algorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> Optional.of("SHA256withRSA");
      case "EC" -> Optional.of("SHA256withECDSA");
      default -> Optional.empty();
    };
  }

  /**
   * Signs a profile; takes about a millisecond of the processor.
   *
   * @return the signed message, in DER
   * @throws IllegalStateException when the key and the certificate do not fit
   */
  public byte[] sign(byte[] profile) {
    try {
      var generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
              .build(
                  new JcaContentSignerBuilder(algorithm(key).orElseThrow()).build(key),
                  chain.getFirst()));
      generator.addCertificates(new JcaCertStore(chain));
      return generator.generate(new CMSProcessableByteArray(profile), true).getEncoded();
    } catch (OperatorCreationException | CMSException | GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the certificate cannot sign a profile", e);
    }
  }
}
