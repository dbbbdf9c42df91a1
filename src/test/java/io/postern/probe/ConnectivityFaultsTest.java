package io.postern.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailProtocol;
import io.postern.probe.ConnectivityResult.Result;
import io.postern.probe.ConnectivityTest.CertificateCheck;
import io.postern.probe.ConnectivityTest.Depth;
import io.postern.probe.ConnectivityTest.Encryption;
import io.postern.probe.Targets.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that does not answer as it should: the test ends, and says why. */
@Timeout(60)
class ConnectivityFaultsTest {
  private static ConnectivityResult test(
      MailProtocol protocol, int port, Duration perConnection, Duration timeout) {
    return new ConnectivityTests(_ -> List.of())
        .run(
            new ConnectivityTest(
                protocol,
                new Target("127.0.0.1", port, false),
                Encryption.PLAINTEXT,
                Depth.GREETING,
                CertificateCheck.NONE,
                Optional.empty(),
                perConnection,
                timeout));
  }

  /** What the server does with its connection. */
  @FunctionalInterface
  private interface Server {
    void serve(Socket client) throws IOException;
  }

  private static ConnectivityResult against(MailProtocol protocol, Server server) throws Exception {
    try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var serving =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (var client = listening.accept()) {
                      server.serve(client);
                      // Stays until the client has left.
                      while (client.getInputStream().read() >= 0) {}
                    } catch (IOException _) {
                      // The client has closed the connection.
                    }
                  });
      var result =
          test(protocol, listening.getLocalPort(), Duration.ofSeconds(2), Duration.ofMillis(300));
      serving.join();
      return result;
    }
  }

  private static void say(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(ISO_8859_1));
    client.getOutputStream().flush();
  }

  private static void fails(ConnectivityResult result, String scenario, String error) {
    assertThat(result.result()).isEqualTo(Result.FAILURE);
    assertThat(result.steps().getLast().scenario()).isEqualTo(scenario);
    assertThat(result.error().orElse("")).contains(error);
  }

  @Test
  void aSilentServerIsGivenUp() throws Exception {
    fails(against(MailProtocol.IMAP, _ -> {}), "greeting", "did not answer in time");
    fails(against(MailProtocol.POP3, _ -> {}), "greeting", "did not answer in time");
  }

  @Test
  void aServerThatSendsOctetByOctetIsGivenUp() throws Exception {
    var result =
        against(
            MailProtocol.IMAP,
            client -> {
              while (true) {
                say(client, "x");
                LockSupport.parkNanos(1_000_000);
              }
            });
    assertThat(result.result()).isEqualTo(Result.FAILURE);
    assertThat(result.steps().getLast().scenario()).isEqualTo("greeting");
  }

  @Test
  void aGreetingOfAnotherKindIsQuoted() throws Exception {
    fails(
        against(MailProtocol.IMAP, client -> say(client, "* BYE full\r\n")),
        "greeting",
        "* BYE full");
    fails(
        against(MailProtocol.POP3, client -> say(client, "-ERR full\r\n")),
        "greeting",
        "-ERR full");
  }

  @Test
  void anEndlessLineIsNotKept() throws Exception {
    fails(
        against(MailProtocol.IMAP, client -> say(client, "x".repeat(70_000))),
        "greeting",
        "over 65536 octets");
  }

  @Test
  void aConnectionThatEndsIsReported() throws Exception {
    fails(against(MailProtocol.POP3, Socket::shutdownOutput), "greeting", "closed the connection");
  }

  @Test
  void aClosedPortIsReported() throws Exception {
    int port;
    try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = unused.getLocalPort();
    }
    fails(
        test(MailProtocol.IMAP, port, Duration.ofSeconds(5), Duration.ofSeconds(5)),
        "connect",
        "refused");
  }
}
