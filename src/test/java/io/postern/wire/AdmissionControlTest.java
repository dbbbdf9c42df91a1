package io.postern.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.admission.AdmissionControl;
import io.postern.model.MailProtocol;
import io.postern.tls.TlsSource;
import io.postern.wire.transport.Listener.Binding;
import io.postern.wire.transport.Listener.Tls;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections follow the decision of the admission control. */
class AdmissionControlTest {
  private final Loopback loopback = new Loopback();
  private final EchoProtocol protocol = new EchoProtocol(true);
  private final Asked admission = new Asked();

  /** Completes with a decision of the test, when the test asks for it. */
  private static final class Asked implements AdmissionControl {
    final BlockingQueue<UniEmitter<? super Decision>> arrived = new LinkedBlockingQueue<>();
    final BlockingQueue<Peer> left = new LinkedBlockingQueue<>();
    final BlockingQueue<Duration> work = new LinkedBlockingQueue<>();
    volatile Duration wait = Duration.ZERO;

    @Override
    public boolean trustsProxy(String peer) {
      return false;
    }

    @Override
    public void proxyRejected(MailProtocol protocol, ProxyRejection why) {}

    @Override
    public Uni<Decision> admit(Peer peer) {
      return Uni.createFrom().emitter(emitter -> arrived.add(emitter));
    }

    @Override
    public Duration charge(Peer peer, Duration done) {
      work.add(done);
      return wait;
    }

    @Override
    public void release(Peer peer) {
      left.add(peer);
    }

    void say(Decision answer) throws InterruptedException {
      arrived.poll(20, SECONDS).complete(answer);
    }
  }

  @AfterEach
  void close() throws Exception {
    loopback.close();
  }

  private Client client() throws Exception {
    var binding = new Binding("127.0.0.1", 0, Tls.NONE);
    var listener = loopback.listen(binding, protocol, TlsSource.none(), admission);
    return Client.connect(listener.port());
  }

  @Test
  void nothingIsSentOrRunBeforeTheAdmissionDecision() throws Exception {
    try (var client = client()) {
      client.send("a\r\nb\r\n");
      admission.say(AdmissionControl.Decision.ADMITTED);
      client.expect("* hello", "OK a", "OK b");
    }
  }

  @Test
  void aFullServerSendsAFarewellAndCloses() throws Exception {
    try (var client = client()) {
      admission.say(AdmissionControl.Decision.FULL);
      client.expect("* BYE FULL").expectEnd();
    }
    assertThat(admission.left.poll(20, SECONDS).protocol()).isEqualTo(MailProtocol.IMAP);
    assertThat(protocol.opened).isEmpty();
  }

  @Test
  void aDeniedAddressGetsAFarewellAndIsClosed() throws Exception {
    try (var client = client()) {
      admission.say(AdmissionControl.Decision.DENIED);
      client.expect("* BYE DENIED").expectEnd();
    }
    assertThat(admission.left.poll(20, SECONDS).address()).isEqualTo("127.0.0.1");
  }

  @Test
  void aThrottledClientWaitsAndIsServed() throws Exception {
    admission.wait = Duration.ofMillis(300);
    try (var client = client()) {
      admission.say(AdmissionControl.Decision.ADMITTED);
      client.expect("* hello");
      long before = System.nanoTime();
      client.send("a\r\nb\r\nc\r\n").expect("OK a", "OK b", "OK c");
      // The third command follows two waits.
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(admission.wait);
    }
    assertThat(admission.work).hasSizeGreaterThanOrEqualTo(2).allMatch(it -> !it.isNegative());
  }

  @Test
  void waitingForTheClientIsNotCharged() throws Exception {
    try (var client = client()) {
      admission.say(AdmissionControl.Decision.ADMITTED);
      client.expect("* hello").send("WAIT\r\n");
      var session = protocol.opened.poll(20, SECONDS);
      assertThat(session.waits.await(20, SECONDS)).isTrue();
      long before = System.nanoTime();
      session.ask(
          c -> {
            session.release();
            return true;
          });
      var worked = admission.work.poll(20, SECONDS);
      assertThat(worked).isPositive();
      client.send("LINE\r\n");
      client.send("said\r\n").expect("LINE said");
      assertThat(admission.work.poll(20, SECONDS))
          .isLessThan(Duration.ofNanos(System.nanoTime() - before));
    }
  }

  @Test
  void aDrainedSessionIsNotCountedWhileItsFarewellIsSent() throws Exception {
    loopback.limits = Loopback.limits(Duration.ofMinutes(5), /* farewell= */ Duration.ofMinutes(5));
    try (var client = client()) {
      admission.say(AdmissionControl.Decision.ADMITTED);
      client.expect("* hello");
      var session = protocol.opened.poll(20, SECONDS);
      session.ask(
          connection -> {
            // More than the sockets hold of what the client does not read.
            connection.out().write("x".repeat(50_000_000));
            connection.close(CloseReason.REVOKED);
            return true;
          });
      assertThat(admission.left.poll(20, SECONDS)).isNotNull();
      assertThat(protocol.closed).isEmpty();
    }
    assertThat(protocol.closed.poll(20, SECONDS)).isEqualTo(CloseReason.REVOKED);
    assertThat(admission.left).isEmpty();
  }
}
