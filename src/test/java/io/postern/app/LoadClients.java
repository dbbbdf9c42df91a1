package io.postern.app;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that append, flag and idle, reconnect to another server when theirs ends, and record
 * acknowledgements. No change is repeated: a change without an answer may be stored or not.
 */
final class LoadClients implements AutoCloseable {
  static final String MAILBOX = "Chaos";
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final List<Replica> replicas;
  private final List<Thread> threads = new ArrayList<>();
  private final List<Thread> waiting = new ArrayList<>();
  private final AtomicInteger names = new AtomicInteger();
  private volatile boolean over;

  final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  final Set<String> flagged = ConcurrentHashMap.newKeySet();
  final AtomicLong refused = new AtomicLong();
  final AtomicLong pushes = new AtomicLong();
  final AtomicLong sentAway = new AtomicLong();
  final AtomicLong brokenOff = new AtomicLong();
  final AtomicLong shutOut = new AtomicLong();

  /** What no client should ever see. */
  final List<String> wrong = new CopyOnWriteArrayList<>();

  LoadClients(List<Replica> replicas, int writers, int idlers) {
    this.replicas = List.copyOf(replicas);
    for (int n = 0; n < writers; n++) {
      threads.add(client(n, this::write));
    }
    for (int n = 0; n < idlers; n++) {
      var idler = client(n, this::idle);
      waiting.add(idler);
      threads.add(idler);
    }
  }

  private interface Work {
    void with(Peer client) throws IOException, Leaves;
  }

  /** Works until all is over, at one server after the other. */
  private Thread client(int number, Work work) {
    return Thread.ofVirtual()
        .start(
            () -> {
              for (int at = number; !over; at++) {
                visit(replicas.get(at % replicas.size()), work);
                // A refused client does not reconnect at once.
                LockSupport.parkNanos(PAUSE.toNanos());
              }
            });
  }

  /** One connection, to its end: which is a word of the server, or its death. */
  private void visit(Replica replica, Work work) {
    int killed = replica.killed();
    try (var client = new Peer(replica.imap())) {
      try {
        work(client, work);
      } catch (Leaves _) {
        sentAway.incrementAndGet();
      } catch (IOException | NullPointerException gone) {
        if (over) {
          // By itself, when there was nothing more to wait for.
          return;
        }
        brokenOff.incrementAndGet();
        if (replica.killed() == killed) {
          wrong.add("broken off by a server that lives: " + gone);
        }
      }
    } catch (IOException _) {
      // Nobody listens there now: the other may.
      shutOut.incrementAndGet();
    }
  }

  private void work(Peer client, Work work) throws IOException, Leaves {
    // Longer than any call of the database may take.
    client.patience(90_000);
    client.line();
    for (var command : List.of("LOGIN alice@example.test secret", "SELECT " + MAILBOX)) {
      var answer = answer(client, command);
      if (!answer.startsWith("t OK")) {
        refuse(answer);
      }
    }
    work.with(client);
  }

  /** The server sent BYE, or the client ends because its command was refused. */
  private static final class Leaves extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** The tagged response to a command, unless the server sends BYE. */
  private static String answer(Peer client, String command) throws IOException, Leaves {
    client.send("t " + command);
    return heard(client, "t ");
  }

  private static String heard(Peer client, String beginning) throws IOException, Leaves {
    while (true) {
      var line = client.line();
      if (line.startsWith("* BYE ")) {
        throw new Leaves();
      }
      if (line.startsWith(beginning)) {
        return line;
      }
    }
  }

  private void write(Peer client) throws IOException, Leaves {
    while (!over) {
      var name = "m" + names.incrementAndGet();
      var message = "Subject: " + name + "\r\n\r\n" + name + "\r\n";
      var answer =
          answer(client, "APPEND " + MAILBOX + " {" + message.length() + "+}\r\n" + message);
      if (!answer.startsWith("t OK")) {
        refuse(answer);
      }
      acknowledged.add(name);
      var uid = answer.replaceFirst("^t OK \\[APPENDUID \\d+ (\\d+)].*", "$1");
      var stored = answer(client, "UID STORE " + uid + " +FLAGS.SILENT (\\Flagged)");
      if (!stored.startsWith("t OK")) {
        refuse(stored);
      }
      flagged.add(name);
    }
  }

  /** There is one reason: what is kept cannot be had. Another server may be better off. */
  private void refuse(String answer) throws Leaves {
    refused.incrementAndGet();
    if (!answer.startsWith("t NO [UNAVAILABLE]")) {
      wrong.add(answer);
    }
    throw new Leaves();
  }

  private void idle(Peer client) throws IOException, Leaves {
    while (!over) {
      client.send("t IDLE");
      heard(client, "+ ");
      heard(client, "* ");
      pushes.incrementAndGet();
      client.send("DONE");
      var ended = heard(client, "t ");
      if (!ended.startsWith("t OK")) {
        refuse(ended);
      }
    }
  }

  /** The tagged line that answers a command. */
  static String say(Peer client, String command) throws IOException {
    client.send("t " + command);
    return client.until("t ");
  }

  /** Ends all clients after their running commands; IDLE is ended. */
  void end() throws InterruptedException {
    close();
    waiting.forEach(Thread::interrupt);
    for (var thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() {
    over = true;
  }
}
