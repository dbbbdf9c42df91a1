package io.postern.auth.sasl;

import io.postern.auth.Client;
import io.postern.auth.Login;
import io.postern.auth.Login.Result;
import io.postern.auth.LoginAttempt;
import io.postern.auth.Sasl;
import io.postern.auth.Sasl.Step;
import io.postern.config.Live;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** EXTERNAL (RFC 4422 Appendix A): the client has proved its identity in TLS, by a certificate. */
public final class External implements Sasl.Mechanism {
  private final Login login;
  private final Live live;

  public External(Login login, Live live) {
    this.login = login;
    this.live = live;
  }

  @Override
  public String name() {
    return "EXTERNAL";
  }

  @Override
  public boolean plainText() {
    return false;
  }

  /** The certificate is part of the handshake: a man in the middle cannot relay it. */
  @Override
  public boolean bindsChannel() {
    return true;
  }

  @Override
  public boolean offered(Client client) {
    return live.now().auth().certificates().enabled()
        && client.tls().flatMap(External::clientCertificate).isPresent();
  }

  @Override
  public Uni<Step> start(Client client, Optional<Buffer> initialResponse) {
    return Sasl.clientFirst(initialResponse, response -> decide(client, response));
  }

  /** RFC 4422 §A.1: the response is the authorization identity, empty for the certificate's own. */
  private Uni<Step> decide(Client client, Buffer response) {
    var claimed =
        client
            .tls()
            .flatMap(External::clientCertificate)
            .flatMap(
                certificate ->
                    CertificateUser.loginName(certificate, live.now().auth().certificates()))
            .orElse("");
    var attempt = new LoginAttempt(client, name(), claimed, Optional.of(response.toString()));
    var result =
        login
            .admit(attempt)
            .chain(() -> login.authenticated(attempt, claimed, login.names().literal(claimed)));
    return login.conclude(attempt, result, Result.Refused::new).map(Sasl::step);
  }

  private static Optional<X509Certificate> clientCertificate(SSLSession tls) {
    try {
      return Optional.of(tls.getPeerCertificates()[0])
          .filter(X509Certificate.class::isInstance)
          .map(X509Certificate.class::cast);
    } catch (SSLPeerUnverifiedException _) {
      // The client sent no certificate: EXTERNAL is not available.
      return Optional.empty();
    }
  }
}
