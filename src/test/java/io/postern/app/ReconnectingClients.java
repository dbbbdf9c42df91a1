package io.postern.app;

import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients of replicas that are restarted: each connects to a ready one and, after a BYE, to
 * another. Any other failure of a command is recorded.
 */
final class ReconnectingClients {
  /** One session of a client; returns at the end of the test. */
  private interface Session {
    void run(Peer peer) throws IOException, Farewell;
  }

  /** The server sent BYE instead of a response, or unsolicited. */
  private static final class Farewell extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private static final String BYE = "* BYE ";

  final Queue<String> faults = new ConcurrentLinkedQueue<>();
  final AtomicInteger idling = new AtomicInteger();

  /** The values of {@link #idling} after each increment. */
  final BlockingQueue<Integer> counts = new LinkedBlockingQueue<>();

  /**
   * An idle client that got a BYE and idles again.
   *
   * @param bye when it got the BYE, by nanoTime
   * @param back when another replica had answered its IDLE with {@code +}
   */
  record Move(long bye, long back) {}

  /** The moves of idle clients. */
  final Queue<Move> moves = new ConcurrentLinkedQueue<>();

  /** How many idle clients got a BYE. */
  final AtomicInteger byes = new AtomicInteger();

  final AtomicInteger farewells = new AtomicInteger();
  final AtomicInteger commands = new AtomicInteger();
  final AtomicInteger appended = new AtomicInteger();

  private volatile List<Integer> ready = List.of();
  private volatile boolean over;

  /** Sets the ports of ready replicas, as a load balancer knows them. */
  void ready(List<Integer> ports) {
    ready = List.copyOf(ports);
  }

  /** Ends the working clients after their current round. */
  void end() {
    over = true;
  }

  /** The totals. */
  String summary() {
    return "%d commands, %d messages, %d farewells"
        .formatted(commands.get(), appended.get(), farewells.get());
  }

  /** Idles at any ready replica until the end of the process. */
  void idle(String user) {
    var bye = new AtomicLong();
    reconnect(
        user,
        peer -> {
          say(peer, "SELECT INBOX");
          peer.send("i IDLE");
          expect(peer, "+ ");
          if (bye.get() != 0) {
            moves.add(new Move(bye.get(), System.nanoTime()));
          }
          counts.add(idling.incrementAndGet());
          try {
            expect(peer, "i ");
          } catch (Farewell e) {
            bye.set(System.nanoTime());
            byes.incrementAndGet();
            throw e;
          } finally {
            idling.decrementAndGet();
          }
        });
  }

  /**
   * Appends one message after the other, reading between, until {@link #end}.
   *
   * @param first counted down when it has begun
   * @return how many were acknowledged
   */
  int work(String user, CountDownLatch first) {
    var acknowledged = new AtomicInteger();
    reconnect(
        user,
        peer -> {
          say(peer, "SELECT INBOX");
          first.countDown();
          while (!over) {
            append(peer, user, acknowledged.get());
            acknowledged.incrementAndGet();
            appended.incrementAndGet();
            say(peer, "NOOP");
            say(peer, "FETCH * (FLAGS ENVELOPE)");
            say(peer, "STORE * +FLAGS (\\Seen)");
          }
        });
    return acknowledged.get();
  }

  private void append(Peer peer, String user, int number) throws IOException, Farewell {
    var message = "Subject: " + user + " " + number + "\r\n\r\n" + "x".repeat(2_000);
    commands.incrementAndGet();
    peer.send("t APPEND INBOX {" + message.length() + "}");
    // A BYE before the continuation request means that the server has not begun the command.
    expect(peer, "+ ");
    peer.send(message);
    try {
      ok(expect(peer, "t "));
    } catch (Farewell e) {
      faults.add(user + " got BYE within APPEND");
      throw e;
    }
  }

  /** No other client changes the mailbox: lines before the tagged one answer the command. */
  private void say(Peer peer, String command) throws IOException, Farewell {
    commands.incrementAndGet();
    peer.send("t " + command);
    boolean answering = false;
    var line = next(peer);
    for (; !line.startsWith("t "); line = next(peer)) {
      if (line.startsWith(BYE)) {
        if (answering) {
          faults.add("BYE within the response to " + command);
        }
        throw new Farewell();
      }
      answering = true;
    }
    ok(line);
  }

  private static String next(Peer peer) throws IOException {
    return peer.next().orElseThrow(() -> new IOException("closed without BYE"));
  }

  private void ok(String answer) {
    if (!answer.startsWith("t OK")) {
      faults.add(answer);
    }
  }

  private static String expect(Peer peer, String beginning) throws IOException, Farewell {
    while (true) {
      var line = next(peer);
      if (line.startsWith(BYE)) {
        throw new Farewell();
      }
      if (line.startsWith(beginning)) {
        return line;
      }
    }
  }

  /** Opens one session after the other. */
  private void reconnect(String user, Session session) {
    while (!over) {
      var ports = ready;
      int port = ports.get(ThreadLocalRandom.current().nextInt(ports.size()));
      try (var peer = new Peer(port)) {
        peer.patience(600_000);
        run(peer, user, session);
      } catch (IOException e) {
        // A connection to a replica that has just stopped is refused; another one is tried.
        if (ready.contains(port) && !over) {
          faults.add(user + " at " + port + ": " + e);
        }
      }
    }
  }

  private void run(Peer peer, String user, Session session) {
    try {
      expect(peer, "* OK ");
      say(peer, "LOGIN " + user + " secret");
      session.run(peer);
    } catch (Farewell _) {
      farewells.incrementAndGet();
    } catch (IOException e) {
      expectBye(peer, user, e);
    }
  }

  /** A write after the server's BYE fails; the BYE must be readable. */
  private void expectBye(Peer peer, String user, IOException broken) {
    try {
      expect(peer, "never said");
    } catch (Farewell _) {
      farewells.incrementAndGet();
    } catch (IOException e) {
      faults.add(user + ": " + broken + ", then " + e);
    }
  }

  /** The subjects in a user's INBOX, in order. */
  static List<String> subjects(int port, String user) throws IOException {
    try (var peer = new Peer(port)) {
      peer.line();
      peer.command("LOGIN " + user + " secret");
      peer.command("SELECT INBOX");
      return peer.command("FETCH 1:* (BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
          .lines()
          .filter(line -> line.startsWith("Subject: "))
          .map(line -> line.substring(9))
          .toList();
    }
  }
}
