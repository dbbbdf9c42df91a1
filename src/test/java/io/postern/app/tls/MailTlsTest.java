package io.postern.app.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Certificates;
import java.io.ByteArrayInputStream;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When the certificate of the mail ports ends. */
class MailTlsTest {
  private final KeyStore store;
  private final PrivateKey key;

  MailTlsTest() throws Exception {
    store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
  }

  private static X509Certificate ending(String name, int days) throws Exception {
    var pem = Certificates.made(name, Duration.ofDays(days)).certificate().getBytes();
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
  }

  @Test
  void withoutACertificateThereIsNoEnd() throws Exception {
    store.setCertificateEntry("trusted", ending("trusted", 1));
    assertThat(MailTls.notAfter(store)).isEmpty();
  }

  @Test
  void theFirstOfSeveralToEndCounts() throws Exception {
    var sooner = ending("sooner", 5);
    for (var certificate :
        new X509Certificate[] {ending("later", 50), sooner, ending("last", 90)}) {
      var chain = new Certificate[] {certificate};
      store.setKeyEntry(certificate.getSubjectX500Principal().getName(), key, new char[0], chain);
    }
    store.setCertificateEntry("trusted", ending("trusted", 1));
    assertThat(MailTls.notAfter(store)).contains(sooner.getNotAfter().toInstant());
  }
}
