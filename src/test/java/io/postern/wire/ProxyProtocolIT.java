package io.postern.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.admission.AdmissionControl;
import io.postern.model.MailProtocol;
import io.postern.tls.TlsSource;
import io.postern.wire.transport.Listener.Binding;
import io.postern.wire.transport.Listener.Tls;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Trusted load balancers send the address of the client. */
class ProxyProtocolIT {
  private static final String HEADER = "PROXY TCP4 192.0.2.7 198.51.100.9 55555 143\r\n";

  private final Loopback loopback = new Loopback();
  private final EchoProtocol protocol = new EchoProtocol(true);
  private final Recording admission = new Recording();

  /** Trusts loopback while the test says so. */
  private static final class Recording implements AdmissionControl {
    final BlockingQueue<Peer> arrived = new LinkedBlockingQueue<>();
    final BlockingQueue<ProxyRejection> proxyRejected = new LinkedBlockingQueue<>();
    volatile boolean trustsProxy = true;

    @Override
    public boolean trustsProxy(String peer) {
      return trustsProxy && peer.equals("127.0.0.1");
    }

    @Override
    public void proxyRejected(MailProtocol protocol, ProxyRejection why) {
      proxyRejected.add(why);
    }

    @Override
    public Uni<Decision> admit(Peer peer) {
      arrived.add(peer);
      return Uni.createFrom().item(Decision.ADMITTED);
    }

    @Override
    public Duration charge(Peer peer, Duration work) {
      return Duration.ZERO;
    }

    @Override
    public void release(Peer peer) {}
  }

  @AfterEach
  void close() throws Exception {
    loopback.close();
  }

  private int listen(Tls tls) {
    return loopback
        .listen(
            new Binding("127.0.0.1", 0, tls, true),
            protocol,
            tls == Tls.NONE ? TlsSource.none() : () -> Certificates.of("localhost"),
            admission)
        .port();
  }

  @Test
  void theClientsAddressIsTheSessions() throws Exception {
    try (var client = Client.connect(listen(Tls.STARTTLS))) {
      client.send(HEADER).expect("* hello").send("a\r\n").expect("OK a");
      var connection = protocol.opened.poll(20, SECONDS).connection;
      assertThat(connection.remote().toString()).isEqualTo("192.0.2.7:55555");
      assertThat(connection.local().toString()).isEqualTo("198.51.100.9:143");
      assertThat(admission.arrived.poll(20, SECONDS).address()).isEqualTo("192.0.2.7");
      assertThat(loopback.sessions.list().getFirst().remote().host()).isEqualTo("192.0.2.7");
    }
  }

  @Test
  void whatTheClientSendsWithTheHeaderIsItsFirstCommand() throws Exception {
    try (var client = Client.connect(listen(Tls.NONE))) {
      client.send(HEADER + "a\r\nb\r\n").expect("* hello", "OK a", "OK b");
    }
  }

  @Test
  void tlsBeginsBehindTheHeader() throws Exception {
    try (var client = Client.connect(listen(Tls.IMPLICIT))) {
      client.send(HEADER);
      client.startTls();
      client.expect("* hello").send("a\r\n").expect("OK a");
      var connection = protocol.opened.poll(20, SECONDS).connection;
      assertThat(connection.secure()).isTrue();
      assertThat(connection.remote().host()).isEqualTo("192.0.2.7");
    }
  }

  @Test
  void tlsMayBeginInTheOctetsOfTheHeader() throws Exception {
    try (var client = Client.connect(listen(Tls.IMPLICIT))) {
      client.startTlsBehind(HEADER);
      client.expect("* hello").send("a\r\n").expect("OK a");
    }
  }

  @Test
  void startTlsStillWorksBehindTheHeader() throws Exception {
    try (var client = Client.connect(listen(Tls.STARTTLS))) {
      client.send(HEADER).expect("* hello").send("TLS\r\n").expect("OK begin");
      client.startTls();
      client.send("a\r\n").expect("OK a");
    }
  }

  @Test
  void thePeerItselfIsTheClientWhenTheBalancerSpeaksForItself() throws Exception {
    try (var client = Client.connect(listen(Tls.NONE))) {
      client.send("PROXY UNKNOWN\r\n").expect("* hello");
      assertThat(admission.arrived.poll(20, SECONDS).address()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void unlistedPeersAreClosedSilently() throws Exception {
    admission.trustsProxy = false;
    for (var tls : new Tls[] {Tls.NONE, Tls.IMPLICIT}) {
      try (var client = Client.connect(listen(tls))) {
        client.expectEnd();
        assertThat(admission.proxyRejected.poll(20, SECONDS))
            .isEqualTo(AdmissionControl.ProxyRejection.UNTRUSTED);
      }
    }
    assertThat(admission.arrived).isEmpty();
  }

  @Test
  void peersWithoutAHeaderAreClosedSilently() throws Exception {
    try (var client = Client.connect(listen(Tls.NONE))) {
      client.send("a LOGIN alice secret\r\n").expectEnd();
      assertThat(admission.proxyRejected.poll(20, SECONDS))
          .isEqualTo(AdmissionControl.ProxyRejection.MALFORMED);
    }
    assertThat(admission.arrived).isEmpty();
  }

  @Test
  void silentPeersAreClosed() throws Exception {
    try (var client = Client.connect(listen(Tls.NONE))) {
      client.send("PROXY TCP4 ").expectEnd();
      assertThat(admission.proxyRejected.poll(20, SECONDS))
          .isEqualTo(AdmissionControl.ProxyRejection.LATE);
    }
  }
}
