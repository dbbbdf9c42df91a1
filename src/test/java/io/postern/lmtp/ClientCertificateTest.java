package io.postern.lmtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.admission.AdmissionControl;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryBlobs;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryStore;
import io.postern.tls.TlsEngine;
import io.postern.tls.TlsSource;
import io.postern.wire.Certificates;
import io.postern.wire.EngineSource;
import io.postern.wire.limits.WireLimits;
import io.postern.wire.registry.SessionRegistry;
import io.postern.wire.timer.TimerWheel;
import io.postern.wire.transport.Listener;
import io.postern.wire.transport.Listener.Binding;
import io.postern.wire.transport.Listener.Tls;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SSLOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Where the settings ask for a certificate, a peer without a trusted one gets nowhere. */
@ParameterizedClass
@EnumSource(TlsEngine.class)
class ClientCertificateTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String CLOSED = "<closed>";

  @Parameter private TlsEngine engine = TlsEngine.JDK;

  private final Vertx vertx = Vertx.vertx();
  private final SSLOptions trusted = Certificates.of("mta.example.test");

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private Listener listener;

  @BeforeEach
  void open() {
    listener = listener();
    await(listener.start());
  }

  @AfterEach
  void close() {
    await(listener.stop());
    await(Uni.createFrom().completionStage(() -> vertx.close().toCompletionStage()));
  }

  @Test
  void aTrustedCertificateOpens() {
    var options = new NetClientOptions().setKeyCertOptions(trusted.getKeyCertOptions());
    assertThat(answerBehindTls(options)).startsWith("250-");
  }

  @Test
  void anUntrustedOneDoesNot() {
    var other = Certificates.of("mta.example.test").getKeyCertOptions();
    assertThat(answerBehindTls(new NetClientOptions().setKeyCertOptions(other))).isEqualTo(CLOSED);
  }

  @Test
  void noneDoesNotEither() {
    assertThat(answerBehindTls(new NetClientOptions())).isEqualTo(CLOSED);
  }

  /** What LHLO is answered when TLS was started, or that the connection was closed. */
  private String answerBehindTls(NetClientOptions options) {
    var answer = new CompletableFuture<String>();
    var client =
        vertx.createNetClient(options.setTrustAll(true).setHostnameVerificationAlgorithm(""));
    // On its context: the greeting may arrive before another thread has set the handler.
    vertx.runOnContext(
        _ ->
            client
                .connect(listener.port(), "127.0.0.1")
                .onSuccess(socket -> greeted(socket, answer))
                .onFailure(answer::completeExceptionally));
    assertThat(answer).succeedsWithin(SOON);
    return answer.getNow("");
  }

  private static void greeted(NetSocket socket, CompletableFuture<String> answer) {
    socket.closeHandler(_ -> answer.complete(CLOSED));
    socket.handler(
        _ -> {
          socket.handler(_ -> startTls(socket, answer));
          socket.write("STARTTLS\r\n");
        });
  }

  private static void startTls(NetSocket socket, CompletableFuture<String> answer) {
    socket.handler(bytes -> answer.complete(bytes.toString()));
    socket
        .upgradeToSsl()
        .onSuccess(_ -> socket.write("LHLO mta.example.test\r\n"))
        .onFailure(_ -> answer.complete(CLOSED));
  }

  private Listener listener() {
    var store = new MemoryStore();
    var delivery =
        new Delivery(
            new MemoryAccounts(store),
            new MemoryMessages(store),
            new MemoryBlobs(store),
            InstantSource.system());
    var live = new Live(TestSettings.of("mail.lmtp.require-client-certificate=true"));
    return new Listener(
        vertx,
        TimerWheel.spread(vertx, 1),
        new Binding("127.0.0.1", 0, Tls.STARTTLS),
        new EngineSource(engine, new Asking()),
        new LmtpProtocol(live, delivery, "mail.example.test"),
        () -> WireLimits.ofLine(4096),
        new SessionRegistry(),
        AdmissionControl.OPEN);
  }

  /** The server's certificate, and whose it asks for. */
  private final class Asking implements TlsSource {
    private final SSLOptions own = Certificates.of("localhost");

    @Override
    public SSLOptions options() {
      var certificate = ((PemKeyCertOptions) trusted.getKeyCertOptions()).getCertValue();
      return own.setTrustOptions(new PemTrustOptions().addCertValue(certificate));
    }

    @Override
    public ClientAuth clientAuth() {
      return ClientAuth.REQUIRED;
    }
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(SOON);
  }
}
