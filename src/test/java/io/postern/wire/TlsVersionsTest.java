package io.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.tls.TlsEngine;
import io.postern.tls.TlsSource;
import io.postern.wire.transport.Listener;
import io.vertx.core.net.SSLOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The accepted versions of TLS and cipher suites. */
@ParameterizedClass
@EnumSource(TlsEngine.class)
class TlsVersionsTest {
  private static final int SOON_MILLIS = 20_000;

  @Parameter private TlsEngine engine = TlsEngine.JDK;

  private final Loopback loopback = new Loopback();
  private final EchoProtocol protocol = new EchoProtocol(true);
  private volatile boolean onlyTls13;

  @AfterEach
  void close() {
    loopback.close();
  }

  /** The platform's default. */
  private final class Source implements TlsSource {
    private final SSLOptions options =
        new SSLOptions(Certificates.of("localhost"))
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));

    @Override
    public SSLOptions options() {
      return options;
    }

    @Override
    public boolean onlyTls13() {
      return onlyTls13;
    }
  }

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private Listener listener;

  @BeforeEach
  void open() {
    listener =
        loopback.listen(protocol, Listener.Tls.IMPLICIT, new EngineSource(engine, new Source()));
  }

  private SSLSocket client(String version, String... suites) throws Exception {
    var socket =
        (SSLSocket) Client.context().getSocketFactory().createSocket("127.0.0.1", listener.port());
    socket.setSoTimeout(SOON_MILLIS);
    socket.setEnabledProtocols(new String[] {version});
    if (suites.length > 0) {
      socket.setEnabledCipherSuites(suites);
    }
    return socket;
  }

  private static String line(SSLSocket socket) throws IOException {
    var line = new StringBuilder();
    for (int c = socket.getInputStream().read(); c >= 0 && c != '\n'; c = read(socket)) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  private static int read(SSLSocket socket) throws IOException {
    return socket.getInputStream().read();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothVersionsAreAccepted(String version) throws Exception {
    try (var socket = client(version)) {
      socket.startHandshake();
      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
      assertThat(socket.getSession().getCipherSuite()).matches(".*(GCM|POLY1305).*");
      assertThat(line(socket)).isEqualTo("* hello");
    }
  }

  @Test
  void suitesWithoutAuthenticatedEncryptionAreRefused() throws Exception {
    for (var suite :
        List.of(
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
            "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256")) {
      try (var socket = client("TLSv1.2", suite)) {
        assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
      }
    }
  }

  /** A change applies to the next handshake, and open connections continue. */
  @Test
  void aMinimumOf13RefusesTls12FromTheNextHandshakeOn() throws Exception {
    try (var before = client("TLSv1.2")) {
      before.startHandshake();
      assertThat(line(before)).isEqualTo("* hello");
      onlyTls13 = true;
      try (var refused = client("TLSv1.2");
          var taken = client("TLSv1.3")) {
        assertThatThrownBy(refused::startHandshake).isInstanceOf(SSLException.class);
        taken.startHandshake();
        assertThat(line(taken)).isEqualTo("* hello");
      }
      before.getOutputStream().write("still\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(line(before)).isEqualTo("OK still");
      onlyTls13 = false;
      try (var again = client("TLSv1.2")) {
        again.startHandshake();
        assertThat(line(again)).isEqualTo("* hello");
      }
    }
  }

  @Test
  void aClientBeginsNoSecondHandshake() throws Exception {
    try (var socket = client("TLSv1.2")) {
      socket.startHandshake();
      assertThat(line(socket)).isEqualTo("* hello");
      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                socket.getOutputStream().write("again\r\n".getBytes(StandardCharsets.US_ASCII));
                if (line(socket).isEmpty()) {
                  throw new SSLException("closed");
                }
              })
          .isInstanceOf(IOException.class);
      assertThat(protocol.closed.poll(20, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STARTTLS", "IMPLICIT"})
  void aRenewedCertificateIsUsedInBothVersions(Listener.Tls tls) throws Exception {
    var other = loopback.listen(protocol, tls, new EngineSource(engine, new Source()));
    other.renewCertificate().await().atMost(Duration.ofSeconds(20));
    for (var version : List.of("TLSv1.2", "TLSv1.3")) {
      try (var client = Client.connect(other.port())) {
        if (tls == Listener.Tls.STARTTLS) {
          client.expect("* hello").send("TLS\r\n").expect("OK begin");
        }
        assertThat(client.startTls("localhost", Client.context(version))).isNotNull();
      }
    }
  }
}
