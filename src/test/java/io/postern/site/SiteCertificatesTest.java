package io.postern.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509KeyManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a certificate says of its site. */
class SiteCertificatesTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path scratch;

  /** A session, established when the certificate was valid. */
  private SSLSession session(String site) throws Exception {
    var issuer = new SiteKeys(scratch, "issuer");
    issuer.of(site, site, DAY);
    var chain = ((X509KeyManager) issuer.manager(site)).getCertificateChain(alias(issuer, site));
    return (SSLSession)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {SSLSession.class},
            (_, method, _) ->
                switch (method.getName()) {
                  case "getPeerCertificates" -> List.of(chain).toArray(Certificate[]::new);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static String alias(SiteKeys issuer, String site) throws Exception {
    return ((X509KeyManager) issuer.manager(site)).getServerAliases("EC", null)[0];
  }

  /** A handshake that resumes it verifies no certificate. */
  @Test
  void theCertificateOfAResumedSessionExpires() throws Exception {
    var session = session("east");
    var end = ((X509Certificate) session.getPeerCertificates()[0]).getNotAfter().toInstant();
    assertThat(SiteCertificates.isExpired(session, Instant.now())).isFalse();
    assertThat(SiteCertificates.isExpired(session, end)).isFalse();
    assertThat(SiteCertificates.isExpired(session, end.plusSeconds(1))).isTrue();
    assertThat(SiteCertificates.isExpired(session, Instant.EPOCH)).isTrue();
  }

  @Test
  void itNamesOneOfTheSites() throws Exception {
    var session = session("east");
    assertThat(SiteCertificates.named(session, List.of("west", "east"))).contains("east");
    assertThat(SiteCertificates.named(session, List.of("west"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Empty client certificate chain",
        "error:100000c0:SSL routines:OPENSSL_internal:PEER_DID_NOT_RETURN_A_CERTIFICATE"
      })
  void aMissingCertificateIsUnknown(String message) {
    assertThat(SiteCertificates.fault(new SSLHandshakeException(message)))
        .isEqualTo(Optional.of(SiteMeter.CertificateFault.UNKNOWN));
    assertThat(SiteCertificates.fault(new SSLHandshakeException("no common cipher"))).isEmpty();
  }
}
