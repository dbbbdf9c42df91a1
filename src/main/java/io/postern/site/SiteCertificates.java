package io.postern.site;

import io.postern.site.SiteMeter.CertificateFault;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The certificates of sites. One names its site in a subject alternative name (RFC 5280 §4.2.1.6):
 * a URI {@code spiffe://…/site/NAME}, or a DNS name that is the site's name.
 */
public final class SiteCertificates {
  private static final int DNS_NAME = 2;
  private static final int URI = 6;
  private static final String SCHEME = "spiffe://";
  private static final String PATH = "/site/";

  /** How the JDK and OpenSSL report a peer without a certificate. */
  private static final List<String> MISSING =
      List.of("Empty client certificate chain", "PEER_DID_NOT_RETURN_A_CERTIFICATE");

  private SiteCertificates() {}

  /** Which of the sites the peer's certificate names; empty for none of them. */
  public static Optional<String> named(SSLSession session, Collection<String> sites) {
    return certificate(session).stream()
        .flatMap(SiteCertificates::names)
        .filter(sites::contains)
        .findFirst();
  }

  /**
   * Whether the peer's certificate is not valid at a time. A handshake verifies that, but a resumed
   * TLS session has the certificate of an earlier one (RFC 8446 §2.2).
   */
  public static boolean isExpired(SSLSession session, Instant now) {
    return certificate(session).filter(it -> !isValid(it, now)).isPresent();
  }

  private static boolean isValid(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && !now.isAfter(certificate.getNotAfter().toInstant());
  }

  private static Optional<X509Certificate> certificate(SSLSession session) {
    try {
      return Optional.of(session.getPeerCertificates()[0])
          .filter(X509Certificate.class::isInstance)
          .map(X509Certificate.class::cast);
    } catch (SSLPeerUnverifiedException _) {
      // The peer has shown no certificate, and so that of no site.
      return Optional.empty();
    }
  }

  private static Stream<String> names(X509Certificate certificate) {
    try {
      var all = Optional.<Collection<List<?>>>ofNullable(certificate.getSubjectAlternativeNames());
      return all.stream().flatMap(Collection::stream).flatMap(SiteCertificates::name);
    } catch (CertificateParsingException _) {
      // Malformed names name no site.
      return Stream.empty();
    }
  }

  private static Stream<String> name(List<?> alternative) {
    if (!(alternative.get(1) instanceof String text)) {
      return Stream.empty();
    }
    if (alternative.get(0).equals(DNS_NAME)) {
      return Stream.of(text);
    }
    int path = text.lastIndexOf(PATH);
    return alternative.get(0).equals(URI) && text.startsWith(SCHEME) && path > 0
        ? Stream.of(text.substring(path + PATH.length()))
        : Stream.empty();
  }

  /** What is wrong with the peer's certificate; empty when a handshake failed for other reasons. */
  public static Optional<CertificateFault> fault(Throwable failure) {
    var causes = Stream.iterate(failure, it -> it != null, Throwable::getCause).limit(10).toList();
    if (causes.stream().anyMatch(SiteCertificates::isExpired)) {
      return Optional.of(CertificateFault.EXPIRED);
    }
    boolean unknown =
        causes.stream()
            .anyMatch(
                it ->
                    it instanceof CertificateException
                        || it instanceof CertPathValidatorException
                        || isMissing(it));
    return unknown ? Optional.of(CertificateFault.UNKNOWN) : Optional.empty();
  }

  private static boolean isExpired(Throwable cause) {
    return cause instanceof CertificateExpiredException
        || cause instanceof CertificateNotYetValidException
        || (cause instanceof CertPathValidatorException path
            && path.getReason() == CertPathValidatorException.BasicReason.EXPIRED);
  }

  /** RFC 8446 §4.4.2.4: the client's list of certificates is empty. */
  private static boolean isMissing(Throwable cause) {
    return cause instanceof SSLHandshakeException
        && MISSING.stream().anyMatch(String.valueOf(cause.getMessage())::contains);
  }
}
