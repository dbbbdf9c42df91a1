package io.postern.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import com.ongres.scram.common.util.TlsServerEndpoint;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSession;

/**
 * A client that logs in by SCRAM, whose messages no script can write: {@code <sasl mechanism name
 * password [binding]>}. The tag is {@code sasl}. The PostgreSQL client's SCRAM is the other side.
 */
final class SaslClient {
  private final Seat seat;
  private final List<String> words;

  SaslClient(Seat seat, List<String> words) {
    this.seat = seat;
    this.words = words;
  }

  void run() throws IOException {
    try {
      var scram = scram();
      var challenge = seat.exchange(command() + base64(scram.clientFirstMessage().toString()));
      if (challenge.startsWith("+ ")) {
        scram.serverFirstMessage(text(challenge));
        challenge = seat.exchange(base64(scram.clientFinalMessage().toString()));
      }
      if (challenge.startsWith("+ ")) {
        scram.serverFinalMessage(text(challenge));
        challenge = seat.exchange("");
      }
      seat.heard(challenge);
    } catch (ScramException | CertificateEncodingException e) {
      throw new AssertionError("SCRAM: " + e.getMessage(), e);
    }
  }

  private String command() {
    return (seat.client().protocol().equals("pop3") ? "AUTH " : "sasl AUTHENTICATE ")
        + words.get(0)
        + " ";
  }

  private ScramClient scram() throws IOException, CertificateEncodingException {
    var builder =
        ScramClient.builder()
            .advertisedMechanisms(List.of(words.get(0)))
            .username(words.get(1))
            .password(words.get(2).toCharArray());
    if (words.size() > 3) {
      var tls = seat.tls().orElseThrow();
      builder.channelBinding(words.get(3), binding(tls, words.get(3)));
    }
    return builder.build();
  }

  private static byte[] binding(SSLSession tls, String type)
      throws IOException, CertificateEncodingException {
    return switch (type) {
      // RFC 9266 §4.2
      case "tls-exporter" ->
          ((ExtendedSSLSession) tls)
              .exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32);
      case "tls-server-end-point" ->
          TlsServerEndpoint.getChannelBindingData((X509Certificate) tls.getPeerCertificates()[0]);
      default -> throw new AssertionError("no such binding: " + type);
    };
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static String text(String challenge) {
    return new String(Base64.getDecoder().decode(challenge.substring(2)), UTF_8);
  }
}
