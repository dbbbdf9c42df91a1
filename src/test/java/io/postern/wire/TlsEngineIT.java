package io.postern.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.tls.TicketSecret;
import io.postern.tls.TlsEngine;
import io.postern.tls.TlsSource;
import io.postern.wire.transport.Listener;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.SSLOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which engine performs a handshake, and which sessions are resumed. */
class TlsEngineIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int SOON_MILLIS = 20_000;

  private static final String PASSWORD = "secret";
  private static final int PORT = 993;
  private static final SSLOptions SERVER = Certificates.of("localhost");

  /** A name of a value that a client keeps with a session. */
  private static final String KNOWN = "known";

  private final Loopback loopback = new Loopback();
  private final EchoProtocol protocol = new EchoProtocol(true);

  /** The configuration of a replica. */
  private static final class Replica implements TlsSource {
    volatile TlsEngine engine = TlsEngine.OPENSSL;
    volatile SSLOptions options;
    volatile Optional<TicketSecret> secret = Optional.empty();
    volatile ClientAuth wish = ClientAuth.NONE;

    Replica(SSLOptions options) {
      this.options = options;
    }

    @Override
    public SSLOptions options() {
      return options;
    }

    @Override
    public TlsEngine engine() {
      return engine;
    }

    @Override
    public Optional<TicketSecret> ticketSecret() {
      return secret;
    }

    @Override
    public ClientAuth clientAuth() {
      return wish;
    }
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  private Listener listen(TlsSource source) {
    return loopback.listen(protocol, Listener.Tls.IMPLICIT, source);
  }

  /** Clients look their sessions up by host and port. */
  private static final class SamePort extends Socket {
    SamePort(int port) throws IOException {
      super(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public int getPort() {
      return PORT;
    }
  }

  /** A client, greeted, to which all listeners are the same host and port. */
  private static SSLSocket connect(Listener listener, SSLContext context, String version)
      throws IOException {
    var plain = new SamePort(listener.port());
    var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "mail", PORT, true);
    socket.setSoTimeout(SOON_MILLIS);
    socket.setEnabledProtocols(new String[] {version});
    socket.startHandshake();
    // The tickets of TLS 1.3 come before it.
    socket.getInputStream().readNBytes("* hello\r\n".length());
    return socket;
  }

  /** Whether the client's session was resumed; false at its first visit. */
  private static boolean resumes(Listener listener, SSLContext context, String version)
      throws IOException {
    try (var socket = connect(listener, context, version)) {
      var session = socket.getSession();
      boolean resumed = session.getValue(KNOWN) != null;
      session.putValue(KNOWN, true);
      return resumed;
    }
  }

  private TlsEngine performer() throws InterruptedException {
    var session = protocol.opened.poll(20, SECONDS);
    assertThat(session).isNotNull();
    var tls = session.connection.tls().orElseThrow();
    return TlsEngine.OPENSSL.performed(tls) ? TlsEngine.OPENSSL : TlsEngine.JDK;
  }

  /** The tests of TLS would otherwise test one engine twice. */
  @Test
  void openSslIsThere() {
    assertThat(TlsEngine.openSslProblem()).isEmpty();
  }

  @Test
  void theEngineIsChosenAtEachHandshake() throws Exception {
    var replica = new Replica(Certificates.of("localhost"));
    var listener = listen(replica);
    try (var before = connect(listener, Client.context(), "TLSv1.3")) {
      assertThat(performer()).isEqualTo(TlsEngine.OPENSSL);
      replica.engine = TlsEngine.JDK;
      try (var after = connect(listener, Client.context(), "TLSv1.3")) {
        assertThat(performer()).isEqualTo(TlsEngine.JDK);
        assertEchoes(after);
      }
      assertEchoes(before);
      replica.engine = TlsEngine.OPENSSL;
      try (var again = connect(listener, Client.context(), "TLSv1.2")) {
        assertThat(performer()).isEqualTo(TlsEngine.OPENSSL);
        assertEchoes(again);
      }
    }
  }

  private static void assertEchoes(SSLSocket socket) throws IOException {
    socket.getOutputStream().write("it\r\n".getBytes(StandardCharsets.US_ASCII));
    var answer = "OK it\r\n";
    assertThat(socket.getInputStream().readNBytes(answer.length())).asString().isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({"JDK,TLSv1.2", "JDK,TLSv1.3", "OPENSSL,TLSv1.2", "OPENSSL,TLSv1.3"})
  void sessionsAreResumed(TlsEngine engine, String version) throws Exception {
    var replica = new Replica(Certificates.of("localhost"));
    replica.engine = engine;
    var listener = listen(replica);
    var client = Client.context();
    assertThat(resumes(listener, client, version)).isFalse();
    assertThat(resumes(listener, client, version)).isTrue();
    assertThat(resumes(listener, Client.context(), version)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void replicasThatShareASecretResumeEachOthersSessions(String version) throws Exception {
    var certificates = Certificates.of("localhost");
    var one = new Replica(certificates);
    var other = new Replica(certificates);
    var stranger = new Replica(certificates);
    one.secret = Optional.of(TicketSecret.of(new byte[32]));
    other.secret = Optional.of(TicketSecret.of(new byte[32]));
    stranger.secret =
        Optional.of(TicketSecret.of("another secret".getBytes(StandardCharsets.US_ASCII)));
    var client = Client.context();
    assertThat(resumes(listen(one), client, version)).isFalse();
    assertThat(resumes(listen(other), client, version)).isTrue();
    assertThat(resumes(listen(stranger), client, version)).isFalse();
  }

  @Test
  void aSecretThatComesLaterIsUsedFromThenOn() throws Exception {
    var certificates = Certificates.of("localhost");
    var one = new Replica(certificates);
    var other = new Replica(certificates);
    var first = listen(one);
    assertThat(resumes(first, Client.context(), "TLSv1.3")).isFalse();
    one.secret = Optional.of(TicketSecret.of(new byte[32]));
    other.secret = Optional.of(TicketSecret.of(new byte[32]));
    var client = Client.context();
    assertThat(resumes(first, client, "TLSv1.3")).isFalse();
    assertThat(resumes(listen(other), client, "TLSv1.3")).isTrue();
  }

  @Test
  void openSslResumesNoSessionOfAnotherCertificate() throws Exception {
    var replica = new Replica(Certificates.of("localhost"));
    var listener = listen(replica);
    var client = Client.context();
    assertThat(resumes(listener, client, "TLSv1.3")).isFalse();
    replica.options = Certificates.of("localhost");
    listener.renewCertificate().await().atMost(SOON);
    assertThat(resumes(listener, client, "TLSv1.3")).isFalse();
    assertThat(resumes(listener, client, "TLSv1.3")).isTrue();
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void aResumedSessionHasItsClientCertificateUntilTheTrustedIssuersChange(TlsEngine engine)
      throws Exception {
    var own = Certificates.of("client");
    var replica = new Replica(trusting(own));
    replica.engine = engine;
    replica.secret = Optional.of(TicketSecret.of(new byte[32]));
    replica.wish = ClientAuth.REQUEST;
    var listener = listen(replica);
    var keys = own.getKeyCertOptions().getKeyManagerFactory(loopback.vertx).getKeyManagers();
    var client = Client.context(keys);
    for (boolean known : new boolean[] {false, true}) {
      try (var socket = connect(listener, client, "TLSv1.3")) {
        assertThat(socket.getSession().getValue(KNOWN) != null).isEqualTo(known);
        socket.getSession().putValue(KNOWN, true);
        assertThat(shown()).isEqualTo("CN=client");
      }
    }
    replica.options = trusting(Certificates.of("another"));
    listener.renewCertificate().await().atMost(SOON);
    assertThat(resumed(listener, client)).isFalse();
  }

  /** A client whose certificate is no longer accepted may be refused. */
  private static boolean resumed(Listener listener, SSLContext client) {
    try {
      return resumes(listener, client, "TLSv1.3");
    } catch (IOException refused) {
      assertThat(refused).isNotNull();
      return false;
    }
  }

  private String shown() throws Exception {
    var session = protocol.opened.poll(20, SECONDS);
    assertThat(session).isNotNull();
    return session.connection.tls().orElseThrow().getPeerPrincipal().getName();
  }

  private static SSLOptions trusting(SSLOptions client) {
    var trusted = ((PemKeyCertOptions) client.getKeyCertOptions()).getCertValue();
    return new SSLOptions(SERVER).setTrustOptions(new PemTrustOptions().addCertValue(trusted));
  }

  @ParameterizedTest
  @CsvSource({
    "OPENSSL,EC,SHA256withECDSA,OPENSSL",
    "OPENSSL,RSA,SHA256withRSA,OPENSSL",
    "OPENSSL,Ed25519,Ed25519,JDK",
    "JDK,RSA,SHA256withRSA,JDK",
  })
  void keysOfAllKindsAreServed(
      TlsEngine engine, String algorithm, String signature, TlsEngine performer) throws Exception {
    var replica = new Replica(certificates(Map.of(algorithm, signature)));
    replica.engine = engine;
    var listener = listen(replica);
    for (var version : new String[] {"TLSv1.2", "TLSv1.3"}) {
      try (var socket = connect(listener, Client.context(), version)) {
        assertThat(socket.getSession().getPeerPrincipal().getName()).isEqualTo("CN=" + algorithm);
        assertThat(performer()).isEqualTo(performer);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void aClientThatVerifiesNoEcdsaIsShownTheOtherCertificate(TlsEngine engine) throws Exception {
    var replica =
        new Replica(certificates(Map.of("EC", "SHA256withECDSA", "RSA", "SHA256withRSA")));
    replica.engine = engine;
    var listener = listen(replica);
    for (var version : new String[] {"TLSv1.2", "TLSv1.3"}) {
      try (var plain = new Socket(InetAddress.getLoopbackAddress(), listener.port());
          var socket =
              (SSLSocket)
                  Client.context().getSocketFactory().createSocket(plain, "mail", 993, true)) {
        socket.setSoTimeout(SOON_MILLIS);
        var parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setSignatureSchemes(new String[] {"rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        assertThat(socket.getSession().getPeerPrincipal().getName()).isEqualTo("CN=RSA");
      }
    }
  }

  /** One for each algorithm of a key, with that of its signature. */
  private static SSLOptions certificates(Map<String, String> algorithms) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (var each : algorithms.entrySet()) {
      add(store, each.getKey(), each.getValue());
    }
    var bytes = new ByteArrayOutputStream();
    store.store(bytes, PASSWORD.toCharArray());
    return new SSLOptions()
        .setKeyCertOptions(
            new PfxOptions().setPassword(PASSWORD).setValue(Buffer.buffer(bytes.toByteArray())));
  }

  private static void add(KeyStore store, String algorithm, String signature) throws Exception {
    var keys = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    var name = new X500Name("CN=" + algorithm);
    var now = Instant.now();
    var certificate =
        new JcaX509v3CertificateBuilder(
                name,
                BigInteger.ONE,
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(Duration.ofDays(1))),
                name,
                keys.getPublic())
            .build(new JcaContentSignerBuilder(signature).build(keys.getPrivate()));
    store.setKeyEntry(
        algorithm,
        keys.getPrivate(),
        PASSWORD.toCharArray(),
        new X509Certificate[] {new JcaX509CertificateConverter().getCertificate(certificate)});
  }
}
