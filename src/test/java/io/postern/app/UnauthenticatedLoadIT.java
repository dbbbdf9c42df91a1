package io.postern.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.Eventually;
import io.postern.embedded.ServersForPackage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Attacks on the packaged server, with a heap of 256 MB, by clients that do not log in or that send
 * thousands of commands ahead, beside a normal client: it is answered, the server survives, and
 * what the attackers take is bounded.
 */
@Timeout(600)
class UnauthenticatedLoadIT {
  private static final int MILLIS = 90_000;
  private static final String NOOPS =
      "mail_command_seconds_count{command=\"NOOP\",outcome=\"ok\",protocol=\"imap\"}";
  private static final String ENDED = "mail_sessions_ended_total{protocol=\"imap\",reason=\"%s\"}";
  private static final String REJECTED =
      "mail_connections_rejected_total{protocol=\"imap\",reason=\"%s\"}";
  private static final String UNAUTHENTICATED =
      "mail_connections{protocol=\"imap\",state=\"pre-auth\"}";

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private static Replica server;

  private final List<Socket> attackers = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    var settings = new HashMap<>(new ServersForPackage().start());
    settings.put("mail.imap.max-connections-per-user", "1000");
    settings.put("mail.imap.pre-authenticated-connection-timeout", "PT30S");
    server = new Replica(settings);
    Eventually.holds("it is ready", server::ready);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void leave() throws IOException {
    for (var attacker : attackers) {
      attacker.close();
    }
    Eventually.holds("the attackers are gone", () -> server.metric(UNAUTHENTICATED) == 0);
    assertThat(server.health("live").statusCode()).isEqualTo(200);
  }

  /** A client of one of many addresses. */
  private Socket attacker(int number) throws IOException {
    var from = InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) (number % 200 + 1)});
    var socket = new Socket(InetAddress.getLoopbackAddress(), server.imap(), from, 0);
    socket.setSoTimeout(MILLIS);
    attackers.add(socket);
    return socket;
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  /** All output until the server closes; empty when it reset the connection. */
  private static String rest(Socket socket) {
    try {
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (IOException _) {
      // As good an end as any.
      return "";
    }
  }

  private static Peer good() throws IOException {
    var peer = new Peer(server.imap());
    peer.patience(MILLIS);
    assertThat(peer.line()).startsWith("* OK");
    peer.command("LOGIN alice@example.test secret");
    return peer;
  }

  private static double metric(String series, String label) {
    double value = server.metric(series.formatted(label));
    return Double.isNaN(value) ? 0 : value;
  }

  /** Logs in and works as people do, each answer awaited. */
  private static void works(int commands) throws IOException {
    try (var peer = good()) {
      for (int i = 0; i < commands; i++) {
        peer.command("CAPABILITY");
        peer.command("SELECT INBOX");
      }
    }
  }

  @Test
  void commandsBeforeLoginArePacedAndOtherClientsAreServed() throws Exception {
    int each = 10_000;
    double before = server.metric(NOOPS);
    for (int i = 0; i < 100; i++) {
      var attacker = attacker(i);
      Thread.ofPlatform().daemon().start(() -> flood(attacker, "a NOOP\r\n".repeat(each), false));
    }
    Eventually.holds("the attack is on", () -> server.metric(NOOPS) > before + 2_000);
    works(100);
    // 25 at once and 10 in each of the 30 seconds until the deadline.
    assertThat(server.metric(NOOPS) - before).isLessThan(100.0 * (25 + 300 + 20));
  }

  @Test
  void endlessPipeliningDoesNotStarveOtherClients() throws Exception {
    var on = new AtomicBoolean(true);
    for (int i = 0; i < 64; i++) {
      var attacker = attacker(i);
      say(attacker, "a LOGIN bob@example.test secret\r\n");
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                while (on.get() && flood(attacker, "a NOOP\r\n".repeat(10_000), true)) {
                  Thread.onSpinWait();
                }
              });
    }
    double before = server.metric(NOOPS);
    Eventually.holds("the attack is on", () -> server.metric(NOOPS) > before + 100_000);
    try (var peer = good()) {
      double start = server.metric(NOOPS);
      for (int i = 0; i < 50; i++) {
        peer.command("CAPABILITY");
      }
      // Work, not time: the number of commands of 64 others for one of the tested client.
      assertThat((server.metric(NOOPS) - start) / 50).isLessThan(60_000);
    }
    assertThat(server.health("live").statusCode()).isEqualTo(200);
    on.set(false);
  }

  /** Sends it, and takes what is answered meanwhile; whether the server took it. */
  private static boolean flood(Socket socket, String text, boolean taking) {
    try {
      if (taking) {
        socket.getInputStream().skip(socket.getInputStream().available());
        var octets = text.getBytes(ISO_8859_1);
        for (int at = 0; at < octets.length; at += 8_000) {
          socket.getOutputStream().write(octets, at, Math.min(8_000, octets.length - at));
          socket.getInputStream().skip(socket.getInputStream().available());
        }
      } else {
        say(socket, text);
      }
      return true;
    } catch (IOException _) {
      // The server or the test has closed it.
      return false;
    }
  }

  @Test
  void unfinishedLinesOfThousandsDoNotFillTheHeap() throws Exception {
    // More than the heap, if it were kept.
    var half = "a LOGIN " + "x".repeat(65_000);
    for (int i = 0; i < 4_200; i++) {
      say(attacker(i), half);
    }
    assertThat(server.metric(UNAUTHENTICATED)).isPositive();
    works(20);
  }

  @Test
  void theInputOfAllClientsIsBoundedAndOthersCanLogIn() throws Exception {
    // Each within the limit of a line; together twice a sixteenth of the heap.
    var half = "a LOGIN " + "x".repeat(8_000);
    double before = metric(ENDED, "full");
    for (int i = 0; i < 4_200; i++) {
      say(attacker(i), half);
    }
    Eventually.holds("some found no room", () -> metric(ENDED, "full") >= before + 2_000);
    works(20);
    assertThat(rest(attackers.getLast())).contains("* BYE [UNAVAILABLE]");
  }

  @Test
  void anUnauthenticatedConnectionEndsAtItsDeadline() throws Exception {
    var literal = attacker(1);
    say(literal, "a LOGIN {100}\r\n");
    var sasl = attacker(2);
    say(sasl, "a AUTHENTICATE PLAIN\r\n");
    var busy = attacker(3);
    var talking =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  while (flood(busy, "a NOOP\r\n", true)) {
                    LockSupport.parkNanos(200_000_000);
                  }
                });
    for (var attacker : List.of(literal, sasl)) {
      assertThat(rest(attacker)).contains("* BYE No login for too long");
    }
    talking.join(MILLIS);
    assertThat(talking.isAlive()).isFalse();
    assertThat(metric(ENDED, "login-timeout")).isPositive();
  }

  @Test
  void oneAddressDoesNotUseTheConnectionsOfOthers() throws Exception {
    double before = metric(REJECTED, "address");
    for (int i = 0; i < 500; i++) {
      assertThat(attacker(7).getInputStream().readNBytes(4)).asString().isEqualTo("* OK");
    }
    assertThat(rest(attacker(7)))
        .startsWith("* BYE [UNAVAILABLE] Too many connections from your address");
    assertThat(metric(REJECTED, "address")).isEqualTo(before + 1);
    works(1);
  }
}
