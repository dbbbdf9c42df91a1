package io.postern.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.tls.TlsEngine;
import io.postern.tls.TlsSource;
import io.postern.wire.transport.Listener;
import io.vertx.core.net.SSLOptions;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TlsEngine.class)
class StartTlsTest {
  private static final SSLOptions CERTIFICATE = Certificates.of("first");

  @Parameter private TlsEngine engine = TlsEngine.JDK;

  private final Loopback loopback = new Loopback();
  private final EchoProtocol protocol = new EchoProtocol(true);

  @AfterEach
  void close() throws Exception {
    loopback.close();
  }

  private TlsSource by(TlsSource source) {
    return new EngineSource(engine, source);
  }

  @Test
  void theSessionContinuesOverTls() throws Exception {
    try (var client = connect()) {
      client.send("before\r\nTLS\r\n").expect("OK before", "OK begin");
      client.startTls();
      client.send("after {3+}\r\nxyz\r\n").expect("OK after <xyz>");
      assertThat(loopback.sessions.list().getFirst().secure()).isTrue();
    }
  }

  @Test
  void plaintextInTheSameSegmentIsDiscarded() throws Exception {
    try (var client = connect()) {
      client.send("TLS\r\ninjected\r\n").expect("OK begin");
      client.startTls();
      client.send("after\r\n").expect("OK after");
    }
  }

  @Test
  void plaintextInManySegmentsThatOverfillTheQueueIsDiscarded() throws Exception {
    try (var client = connect()) {
      client.send("LINE\r\n");
      client.send("it\r\nTLS\r\n" + "injected\r\n".repeat(40_000));
      client.expect("LINE it", "OK begin");
      assertNothingInjectedRuns(client);
    }
  }

  @Test
  void plaintextThatComesLaterIsNeverRun() throws Exception {
    try (var client = connect()) {
      client.send("TLS\r\n").expect("OK begin");
      client.send("injected\r\n");
      // It stands where the handshake should begin, so the handshake fails and nothing is answered.
      assertThat(protocol.closed.poll(20, SECONDS)).isEqualTo(CloseReason.CLIENT);
    }
  }

  @Test
  void aPausedSocketsPlaintextIsNeverRun() throws Exception {
    try (var client = connect()) {
      client.send("TLSWAIT\r\n");
      var session = protocol.opened.poll(20, SECONDS);
      // Enough to have the socket paused while the command runs.
      for (int i = 0; i < 200; i++) {
        client.send("injected\r\n");
      }
      session.soon(0, session::release);
      client.expect("OK begin");
      assertNothingInjectedRuns(client);
    }
  }

  @Test
  void withoutACertificateTlsCannotBeStarted() throws Exception {
    var listener = loopback.listen(protocol, Listener.Tls.STARTTLS, TlsSource.none());
    try (var client = Client.connect(listener.port())) {
      client.expect("* hello");
      assertThat(protocol.opened.poll(20, SECONDS).connection.canStartTls()).isFalse();
    }
  }

  @Test
  void implicitTlsGreetsAfterTheHandshake() throws Exception {
    var listener = loopback.listen(protocol, Listener.Tls.IMPLICIT, by(() -> CERTIFICATE));
    try (var client = Client.connectTls(listener.port())) {
      client.expect("* hello").send("a\r\n").expect("OK a");
      var session = protocol.opened.poll(20, SECONDS);
      assertThat(session.connection.secure()).isTrue();
      assertThat(session.connection.canStartTls()).isFalse();
    }
  }

  @Test
  void implicitTlsNeedsACertificate() {
    assertThatThrownBy(() -> loopback.listen(protocol, Listener.Tls.IMPLICIT, TlsSource.none()))
        .hasMessageContaining("needs a certificate");
  }

  @Test
  void newHandshakesUseARenewedCertificate() throws Exception {
    var now = new SSLOptions[] {CERTIFICATE};
    var listener = loopback.listen(protocol, Listener.Tls.STARTTLS, by(() -> now[0]));
    assertThat(shown(listener)).isEqualTo("CN=first");
    now[0] = Certificates.of("second");
    listener.renewCertificate().await().atMost(Duration.ofSeconds(20));
    assertThat(shown(listener)).isEqualTo("CN=second");
  }

  @Test
  void openSessionsContinueWhenTheCertificateIsRenewed() throws Exception {
    var now = new SSLOptions[] {CERTIFICATE};
    var listener = loopback.listen(protocol, Listener.Tls.IMPLICIT, by(() -> now[0]));
    try (var client = Client.connectTls(listener.port())) {
      client.expect("* hello");
      now[0] = Certificates.of("second");
      listener.renewCertificate().await().atMost(Duration.ofSeconds(20));
      client.send("a\r\n").expect("OK a");
    }
  }

  @Test
  void sniSelectsTheCertificate() throws Exception {
    var both = Certificates.of("first.example.test", "second.example.test");
    TlsSource named =
        new TlsSource() {
          @Override
          public SSLOptions options() {
            return both;
          }

          @Override
          public boolean sni() {
            return true;
          }
        };
    for (var tls : new Listener.Tls[] {Listener.Tls.STARTTLS, Listener.Tls.IMPLICIT}) {
      var listener = loopback.listen(protocol, tls, by(named));
      assertThat(shown(listener, tls, "second.example.test")).isEqualTo("CN=second.example.test");
      assertThat(shown(listener, tls, "first.example.test")).isEqualTo("CN=first.example.test");
      assertThat(shown(listener, tls, "other.example.test")).isEqualTo("CN=first.example.test");
    }
  }

  @Test
  void anAsteriskStandsForOneLabel() throws Exception {
    var both = Certificates.of("first.example.test", "*.example.test");
    TlsSource named =
        new TlsSource() {
          @Override
          public SSLOptions options() {
            return both;
          }

          @Override
          public boolean sni() {
            return true;
          }
        };
    var listener = loopback.listen(protocol, Listener.Tls.IMPLICIT, by(named));
    var tls = Listener.Tls.IMPLICIT;
    assertThat(shown(listener, tls, "other.example.test")).isEqualTo("CN=*.example.test");
    assertThat(shown(listener, tls, "first.example.test")).isEqualTo("CN=first.example.test");
    assertThat(shown(listener, tls, "an.other.example.test")).isEqualTo("CN=first.example.test");
  }

  private static String shown(Listener listener, Listener.Tls tls, String host) throws Exception {
    try (var client = Client.connect(listener.port())) {
      if (tls == Listener.Tls.STARTTLS) {
        client.expect("* hello").send("TLS\r\n").expect("OK begin");
      }
      return client.startTls(host).getSubjectX500Principal().getName();
    }
  }

  /** What the server had not read when TLS began is no handshake: it may end the connection. */
  private void assertNothingInjectedRuns(Client client) throws Exception {
    try {
      client.startTls();
      client.send("after\r\n").expect("OK after");
    } catch (IOException refused) {
      assertThat(protocol.closed.poll(20, SECONDS)).as("%s", refused).isEqualTo(CloseReason.CLIENT);
    }
  }

  private static String shown(Listener listener) throws Exception {
    try (var client = Client.connect(listener.port())) {
      client.expect("* hello").send("TLS\r\n").expect("OK begin");
      return client.startTls().getSubjectX500Principal().getName();
    }
  }

  private Client connect() throws IOException {
    var listener = loopback.listen(protocol, Listener.Tls.STARTTLS, by(() -> CERTIFICATE));
    return Client.connect(listener.port()).expect("* hello");
  }
}
