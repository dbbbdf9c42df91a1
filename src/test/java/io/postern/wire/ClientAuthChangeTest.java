package io.postern.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.tls.TlsEngine;
import io.postern.tls.TlsSource;
import io.postern.wire.transport.Listener;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SSLOptions;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Client authentication can be changed while clients are connected. */
@ParameterizedClass
@EnumSource(TlsEngine.class)
class ClientAuthChangeTest {
  private static final SSLOptions SERVER = Certificates.of("localhost");
  private static final SSLOptions CLIENT = Certificates.of("client");

  @Parameter private TlsEngine engine = TlsEngine.JDK;

  private final Loopback loopback = new Loopback();
  private final EchoProtocol protocol = new EchoProtocol(true);
  private volatile ClientAuth wish = ClientAuth.NONE;

  @AfterEach
  void close() {
    loopback.close();
  }

  private final class Source implements TlsSource {
    @Override
    public SSLOptions options() {
      var trusted = ((PemKeyCertOptions) CLIENT.getKeyCertOptions()).getCertValue();
      return new SSLOptions(SERVER).setTrustOptions(new PemTrustOptions().addCertValue(trusted));
    }

    @Override
    public ClientAuth clientAuth() {
      return wish;
    }
  }

  private SSLContext certified() throws Exception {
    var keys = CLIENT.getKeyCertOptions().getKeyManagerFactory(loopback.vertx);
    return Client.context(keys.getKeyManagers());
  }

  /** A connected client, and the certificate that the server got. */
  private record TestClient(Client client, Optional<String> shown) {}

  private TestClient comes(Listener listener, SSLContext context) throws Exception {
    var client = Client.connect(listener.port());
    if (listener.binding().tls() == Listener.Tls.STARTTLS) {
      client.expect("* hello").send("TLS\r\n").expect("OK begin");
      client.startTls("localhost", context);
    } else {
      client.startTls("localhost", context);
      client.expect("* hello");
    }
    client.send("one\r\n").expect("OK one");
    var session = protocol.opened.poll(20, SECONDS);
    assertThat(session).isNotNull();
    return new TestClient(client, shown(session.connection));
  }

  private static Optional<String> shown(Connection connection) {
    try {
      return Optional.of(connection.tls().orElseThrow().getPeerPrincipal().getName());
    } catch (SSLPeerUnverifiedException _) {
      // It showed none.
      return Optional.empty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STARTTLS", "IMPLICIT"})
  void aChangeAppliesToNewHandshakesAndOpenConnectionsStay(Listener.Tls tls) throws Exception {
    var listener = loopback.listen(protocol, tls, new EngineSource(engine, new Source()));
    var before = comes(listener, certified());
    assertThat(before.shown).isEmpty();
    wish = ClientAuth.REQUEST;
    var after = comes(listener, certified());
    assertThat(after.shown).contains("CN=client");
    assertThat(comes(listener, Client.context()).shown).isEmpty();
    wish = ClientAuth.NONE;
    assertThat(comes(listener, certified()).shown).isEmpty();
    before.client.send("two\r\n").expect("OK two");
    after.client.send("two\r\n").expect("OK two");
  }

  /** RFC 8446 §2.2: a resumed session requests no certificate; here it must. */
  @Test
  void aTlsSessionFromBeforeTheChangeIsNotResumed() throws Exception {
    var listener =
        loopback.listen(protocol, Listener.Tls.IMPLICIT, new EngineSource(engine, new Source()));
    var context = certified();
    assertThat(comes(listener, context).shown).isEmpty();
    wish = ClientAuth.REQUEST;
    assertThat(comes(listener, context).shown).contains("CN=client");
  }
}
