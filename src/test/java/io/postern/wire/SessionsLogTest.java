package io.postern.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailProtocol;
import io.postern.wire.registry.CommandRecord;
import io.postern.wire.registry.Rejection;
import io.postern.wire.registry.SessionInfo;
import io.postern.wire.registry.SessionObserver;
import io.postern.wire.registry.SessionStats;
import io.postern.wire.transport.Listener;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Session listeners are called for each step. */
class SessionsLogTest implements SessionObserver {
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final Loopback loopback = new Loopback(this);
  private final EchoProtocol protocol = new EchoProtocol(true);

  @Override
  public void opened(SessionInfo session) {
    events.add("opened " + session.protocol());
  }

  @Override
  public void secured(SessionInfo session, String version, boolean asked) {
    events.add("secured " + version + " " + asked + " " + session.secure());
  }

  @Override
  public void closed(SessionInfo session, SessionStats stats, CloseReason why) {
    events.add(
        "closed "
            + why
            + " "
            + stats.commands()
            + " "
            + stats.octetsIn()
            + " "
            + stats.octetsOut());
  }

  @Override
  public boolean recordsCommands(MailProtocol protocol) {
    return true;
  }

  @Override
  public void commandRecorded(SessionInfo session, CommandRecord ran) {
    var text = ran.request().texts().getFirst();
    events.add("ran " + ran.number() + " " + ran.command() + " " + ran.outcome() + " " + text);
  }

  @Override
  public void rejected(MailProtocol protocol, Rejection why) {
    events.add("rejected " + why);
  }

  @AfterEach
  void close() throws Exception {
    loopback.close();
  }

  private String next() throws InterruptedException {
    return String.valueOf(events.poll(20, SECONDS));
  }

  @Test
  void octetsAndCommandsAreCounted() throws Exception {
    var listener = loopback.listen(protocol);
    try (var client = Client.connect(listener.port())) {
      client.send("ab\r\ncd {3+}\r\nxyz\r\n").expect("* hello", "OK ab", "OK cd <xyz>");
    }
    assertThat(next()).startsWith("opened ");
    int in = "ab\r\ncd {3+}\r\nxyz\r\n".length();
    int out = "* hello\r\nOK ab\r\nOK cd <xyz>\r\n".length();
    assertThat(next()).isEqualTo("closed CLIENT 2 " + in + " " + out);
  }

  @Test
  void aCommandThatIsRefusedAtItsLiteralIsCounted() throws Exception {
    var listener = loopback.listen(protocol);
    try (var client = Client.connect(listener.port())) {
      client.send("ab\r\ncd {60000000}\r\n").expect("* hello", "OK ab", "NO too big");
    }
    assertThat(next()).startsWith("opened ");
    assertThat(next()).isEqualTo("ran 2 REFUSED no cd ");
    assertThat(next()).startsWith("closed CLIENT 2 ");
  }

  @Test
  void aLineThatIsTooLongIsCounted() throws Exception {
    var listener = loopback.listen(protocol);
    try (var client = Client.connect(listener.port())) {
      client.send("ab {2}\r\n").expect("* hello", "+ OK");
      client.send("cd" + "x".repeat(10_000) + "\r\n").expect("BAD more than 1000");
    }
    assertThat(next()).startsWith("opened ");
    assertThat(next()).isEqualTo("ran 1 ? bad ab ");
    assertThat(next()).startsWith("closed CLIENT 1 ");
  }

  @Test
  void tlsIsCountedByVersionAndByMode() throws Exception {
    var certificate = Certificates.of("first");
    var asked = loopback.listen(protocol, Listener.Tls.STARTTLS, () -> certificate);
    try (var client = Client.connect(asked.port())) {
      client.send("TLS\r\n").expect("* hello", "OK begin");
      client.startTls();
      assertThat(next()).startsWith("opened ");
      assertThat(next()).isEqualTo("secured TLSv1.3 true true");
    }
    assertThat(next()).startsWith("closed ");
    var implicit = loopback.listen(protocol, Listener.Tls.IMPLICIT, () -> certificate);
    try (var _ = Client.connectTls(implicit.port())) {
      assertThat(next()).startsWith("opened ");
      assertThat(next()).isEqualTo("secured TLSv1.3 false true");
    }
  }

  @Test
  void aHandshakeThatFailsIsARejection() throws Exception {
    var certificate = Certificates.of("first");
    var listener = loopback.listen(protocol, Listener.Tls.IMPLICIT, () -> certificate);
    try (var client = Client.connect(listener.port())) {
      client.send("this is no handshake\r\n".repeat(20));
      assertThat(next()).isEqualTo("rejected TLS");
    }
  }
}
