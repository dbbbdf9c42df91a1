package io.postern.auth.sasl;

import com.ongres.scram.common.util.TlsServerEndpoint;
import io.postern.auth.Client;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/** Channel bindings of a TLS session (RFC 5929, RFC 9266). */
final class ChannelBinding {
  private static final Logger LOG = System.getLogger(ChannelBinding.class.getName());
  private static final int EXPORTER_OCTETS = 32;

  private ChannelBinding() {}

  /** Whether this connection has one. */
  static boolean isAvailable(Client client) {
    return client.tls().isPresent();
  }

  /**
   * The binding of a type.
   *
   * @param type as the client names it; letters in any case
   * @return empty when there is none of the type on this connection
   */
  static Optional<byte[]> of(Client client, String type) {
    return switch (type.toLowerCase(Locale.ROOT)) {
      case "tls-exporter" -> client.tls().flatMap(ChannelBinding::exporter);
      case "tls-server-end-point" -> client.tls().flatMap(ChannelBinding::endPoint);
      default -> Optional.empty();
    };
  }

  // RFC 9266 §2: before TLS 1.3 the exporter is unique with the extended master secret only
  private static Optional<byte[]> exporter(SSLSession tls) {
    if (!(tls instanceof ExtendedSSLSession session) || !tls.getProtocol().equals("TLSv1.3")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          session.exportKeyingMaterialData(
              "EXPORTER-Channel-Binding", new byte[0], EXPORTER_OCTETS));
    } catch (SSLException | UnsupportedOperationException e) {
      LOG.log(Level.WARNING, "this TLS session exports no keying material", e);
      return Optional.empty();
    }
  }

  // RFC 5929 §4.1: the hash of the server's certificate
  private static Optional<byte[]> endPoint(SSLSession tls) {
    var certificates = tls.getLocalCertificates();
    if (certificates == null
        || certificates.length == 0
        || !(certificates[0] instanceof X509Certificate certificate)) {
      return Optional.empty();
    }
    try {
      return Optional.of(TlsServerEndpoint.getChannelBindingData(certificate))
          .filter(hash -> hash.length > 0);
    } catch (CertificateEncodingException e) {
      LOG.log(Level.WARNING, "the certificate has no channel binding", e);
      return Optional.empty();
    }
  }
}
