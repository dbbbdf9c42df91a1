package io.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.tls.OpenSslClientOptions;
import io.postern.tls.TicketSecret;
import io.postern.tls.TlsEngine;
import io.postern.tls.TlsSource;
import io.postern.wire.transport.Listener;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.SSLOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes whose messages are many times as long as the buffer of OpenSSL's connections. */
class LongHandshakeTest {
  private static final int LENGTH = 3;
  private static final int NAMES = 150;
  private static final char[] PASSWORD = "secret".toCharArray();

  private static Chain server = Chain.NONE;
  private static Chain client = Chain.NONE;

  private final Loopback loopback = new Loopback();
  private final EchoProtocol protocol = new EchoProtocol(true);

  /** The keys of the first certificate, and the certificates, the last of which is trusted. */
  private record Chain(Optional<KeyStore> keys, Optional<X509Certificate> root) {
    static final Chain NONE = new Chain(Optional.empty(), Optional.empty());
  }

  private record Source(SSLOptions options, ClientAuth clientAuth) implements TlsSource {
    @Override
    public TlsEngine engine() {
      return TlsEngine.OPENSSL;
    }

    @Override
    public Optional<TicketSecret> ticketSecret() {
      return Optional.of(TicketSecret.of(new byte[32]));
    }
  }

  @BeforeAll
  static void makeChains() throws Exception {
    server = chain("server");
    client = chain("client");
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  private static Chain chain(String name) throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair issuer = generator.generateKeyPair();
    var issuerName = new X500Name("CN=" + name + " root");
    var root = certificate(issuerName, issuer, issuerName, issuer, true);
    var all = new X509Certificate[LENGTH + 1];
    all[LENGTH] = root;
    for (int i = LENGTH - 1; i >= 0; i--) {
      var keys = generator.generateKeyPair();
      var subject = new X500Name("CN=" + (i == 0 ? name : name + " issuer " + i));
      all[i] = certificate(subject, keys, issuerName, issuer, i > 0);
      issuer = keys;
      issuerName = subject;
    }
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(name, issuer.getPrivate(), PASSWORD, all);
    return new Chain(Optional.of(store), Optional.of(root));
  }

  private static X509Certificate certificate(
      X500Name name, KeyPair keys, X500Name issuer, KeyPair by, boolean authority)
      throws Exception {
    var now = Instant.now();
    var names =
        IntStream.range(0, NAMES)
            .mapToObj(i -> new GeneralName(GeneralName.dNSName, "host-" + i + ".example.test"))
            .toArray(GeneralName[]::new);
    var builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            BigInteger.valueOf(name.hashCode() & 0xFFFFFFFFL),
            Date.from(now.minus(Duration.ofDays(1))),
            Date.from(now.plus(Duration.ofDays(1))),
            name,
            keys.getPublic());
    if (authority) {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    }
    builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate())));
  }

  private static PfxOptions keys(Chain chain) throws Exception {
    var bytes = new ByteArrayOutputStream();
    chain.keys.orElseThrow().store(bytes, PASSWORD);
    return new PfxOptions()
        .setPassword(new String(PASSWORD))
        .setValue(Buffer.buffer(bytes.toByteArray()));
  }

  private Listener listen(ClientAuth clientAuth) throws Exception {
    var trusted = client.root.orElseThrow().getEncoded();
    var pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(trusted)
            + "\n-----END CERTIFICATE-----\n";
    var options =
        new SSLOptions()
            .setKeyCertOptions(keys(server))
            .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem)));
    return loopback.listen(protocol, Listener.Tls.IMPLICIT, new Source(options, clientAuth));
  }

  private static SSLContext context() throws Exception {
    var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(client.keys.orElseThrow(), PASSWORD);
    return Client.context(own.getKeyManagers());
  }

  private static SSLSocket connect(Listener listener, SSLContext context, String version)
      throws IOException {
    var plain = new Socket(InetAddress.getLoopbackAddress(), listener.port());
    var socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, "mail", listener.port(), true);
    socket.setSoTimeout(20_000);
    socket.setEnabledProtocols(new String[] {version});
    socket.startHandshake();
    return socket;
  }

  private static void expect(SSLSocket socket, String text) throws IOException {
    assertThat(
            new String(
                socket.getInputStream().readNBytes(text.length()), StandardCharsets.US_ASCII))
        .isEqualTo(text);
  }

  private static void assertEchoes(SSLSocket socket, String text) throws IOException {
    socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    expect(socket, "OK " + text + "\r\n");
  }

  private String shown() throws Exception {
    var session = protocol.opened.poll(20, TimeUnit.SECONDS);
    assertThat(session).isNotNull();
    var tls = session.connection.tls().orElseThrow();
    assertThat(TlsEngine.OPENSSL.performed(tls)).isTrue();
    assertThat(tls.getPeerCertificates()).hasSizeGreaterThanOrEqualTo(LENGTH);
    return tls.getPeerPrincipal().getName();
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.2,NONE", "TLSv1.2,REQUIRED", "TLSv1.3,NONE", "TLSv1.3,REQUIRED"})
  void longChainsOfBothSidesAreSent(String version, ClientAuth clientAuth) throws Exception {
    var listener = listen(clientAuth);
    var context = context();
    for (int i = 0; i < 3; i++) {
      try (var socket = connect(listener, context, version)) {
        expect(socket, "* hello\r\n");
        assertThat(socket.getSession().getPeerCertificates()).hasSizeGreaterThanOrEqualTo(LENGTH);
        if (clientAuth == ClientAuth.REQUIRED) {
          assertThat(shown()).isEqualTo("CN=client");
        }
        assertEchoes(socket, "x".repeat(500));
      }
    }
  }

  /** As between two sites. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void anOpenSslClientSendsItsChain(String version) throws Exception {
    var listener = listen(ClientAuth.REQUIRED);
    var options = new NetClientOptions().setSslEngineOptions(new OpenSslClientOptions());
    options
        .setSsl(true)
        .setTrustAll(true)
        .setHostnameVerificationAlgorithm("")
        .setKeyCertOptions(keys(client))
        .setEnabledSecureTransportProtocols(Set.of(version));
    var greeting = new CompletableFuture<String>();
    loopback
        .vertx
        .createNetClient(options)
        .connect(listener.port(), "127.0.0.1")
        .onSuccess(socket -> socket.handler(octets -> greeting.complete(octets.toString())))
        .onFailure(greeting::completeExceptionally);
    assertThat(greeting.get(20, TimeUnit.SECONDS)).isEqualTo("* hello\r\n");
    assertThat(shown()).isEqualTo("CN=client");
  }

  /** Each asks the server to change its own keys, too (RFC 8446 §4.6.3). */
  @ParameterizedTest
  @ValueSource(ints = {1, 100})
  void keysAreUpdatedAmidCommands(int updates) throws Exception {
    try (var socket = connect(listen(ClientAuth.NONE), context(), "TLSv1.3")) {
      expect(socket, "* hello\r\n");
      for (int i = 0; i < updates; i++) {
        socket.startHandshake();
        // BoringSSL takes 32 without a command between them.
        if (i % 16 == 0) {
          assertEchoes(socket, "update " + i);
        }
      }
      assertEchoes(socket, "last");
    }
  }

  @Test
  void aRenegotiationIsRefused() throws Exception {
    try (var socket = connect(listen(ClientAuth.NONE), context(), "TLSv1.2")) {
      expect(socket, "* hello\r\n");
      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                assertEchoes(socket, "again");
              })
          .isInstanceOf(IOException.class);
    }
  }
}
