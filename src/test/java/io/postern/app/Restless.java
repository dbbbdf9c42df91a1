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
 * Clients of replicas that come and go: each connects to one that is ready, and when it is told
 * BYE, to another. Whatever else befalls a command is a fault.
 */
final class Restless {
  /** A client's life on one connection; returns when the server said BYE, or the play is over. */
  private interface Life {
    void live(Peer peer) throws IOException, Farewell;
  }

  /** The server said BYE in place of an answer, or of nothing at all. */
  private static final class Farewell extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private static final String BYE = "* BYE ";

  final Queue<String> faults = new ConcurrentLinkedQueue<>();
  final AtomicInteger idling = new AtomicInteger();

  /** What {@link #idling} rose to. */
  final BlockingQueue<Integer> counts = new LinkedBlockingQueue<>();

  /**
   * One who idled was sent away, and idles again.
   *
   * @param bye when the server took leave of it, by nanoTime
   * @param back when another had said {@code +} to its IDLE
   */
  record Move(long bye, long back) {}

  /** Those of the idle that have moved. */
  final Queue<Move> moves = new ConcurrentLinkedQueue<>();

  /** How many of the idle were told BYE. */
  final AtomicInteger sentAway = new AtomicInteger();

  final AtomicInteger farewells = new AtomicInteger();
  final AtomicInteger commands = new AtomicInteger();
  final AtomicInteger appended = new AtomicInteger();

  private volatile List<Integer> ready = List.of();
  private volatile boolean over;

  /** The ports of those that take connections, as a load balancer knows them. */
  void ready(List<Integer> ports) {
    ready = List.copyOf(ports);
  }

  /** Lets the busy ones end their round and return. */
  void end() {
    over = true;
  }

  /** What there was. */
  String summary() {
    return "%d commands, %d messages, %d farewells"
        .formatted(commands.get(), appended.get(), farewells.get());
  }

  /** Idles until the end of the process, wherever it can. */
  void idle(String user) {
    var bye = new AtomicLong();
    stay(
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
            sentAway.incrementAndGet();
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
    stay(
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
    // Who is told BYE before the server asks for the message has not begun, for the server.
    expect(peer, "+ ");
    peer.send(message);
    try {
      ok(expect(peer, "t "));
    } catch (Farewell e) {
      faults.add(user + " was told BYE amid APPEND");
      throw e;
    }
  }

  /** Nobody else changes the mailbox: what comes before the tagged line answers the command. */
  private void say(Peer peer, String command) throws IOException, Farewell {
    commands.incrementAndGet();
    peer.send("t " + command);
    boolean answering = false;
    var line = next(peer);
    for (; !line.startsWith("t "); line = next(peer)) {
      if (line.startsWith(BYE)) {
        if (answering) {
          faults.add("told BYE amid the answer to " + command);
        }
        throw new Farewell();
      }
      answering = true;
    }
    ok(line);
  }

  private static String next(Peer peer) throws IOException {
    return peer.next().orElseThrow(() -> new IOException("closed without a word"));
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

  /** Lives on one connection after the other. */
  private void stay(String user, Life life) {
    while (!over) {
      var ports = ready;
      int port = ports.get(ThreadLocalRandom.current().nextInt(ports.size()));
      try (var peer = new Peer(port)) {
        peer.patience(600_000);
        live(peer, user, life);
      } catch (IOException e) {
        // Whoever asks one that has just gone is refused, and asks another.
        if (ready.contains(port) && !over) {
          faults.add(user + " at " + port + ": " + e);
        }
      }
    }
  }

  private void live(Peer peer, String user, Life life) {
    try {
      expect(peer, "* OK ");
      say(peer, "LOGIN " + user + " secret");
      life.live(peer);
    } catch (Farewell _) {
      farewells.incrementAndGet();
    } catch (IOException e) {
      heardOut(peer, user, e);
    }
  }

  /** What was written to one who had said BYE already breaks; the BYE must be there to read. */
  private void heardOut(Peer peer, String user, IOException broken) {
    try {
      expect(peer, "never said");
    } catch (Farewell _) {
      farewells.incrementAndGet();
    } catch (IOException e) {
      faults.add(user + ": " + broken + ", then " + e);
    }
  }

  /** The subjects in a user's INBOX, as they lie there. */
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
