package io.postern.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that append, flag and idle, go to another server when theirs is gone, and remember what
 * they were told. No change is tried twice: one of which nothing was said may be there or not.
 */
final class Load implements AutoCloseable {
  static final String MAILBOX = "Chaos";

  private final List<Replica> replicas;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger names = new AtomicInteger();
  private volatile boolean over;

  final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  final Set<String> flagged = ConcurrentHashMap.newKeySet();
  final AtomicLong refused = new AtomicLong();
  final AtomicLong pushes = new AtomicLong();
  final AtomicLong brokenOff = new AtomicLong();

  /** What no client should ever see. */
  final List<String> wrong = new CopyOnWriteArrayList<>();

  Load(List<Replica> replicas, int writers, int idlers) {
    this.replicas = List.copyOf(replicas);
    for (int n = 0; n < writers; n++) {
      threads.add(client(n, this::write));
    }
    for (int n = 0; n < idlers; n++) {
      threads.add(client(n, this::idle));
    }
  }

  private interface Work {
    void with(Peer client) throws IOException;
  }

  /** Works until all is over, at one server after the other. */
  private Thread client(int number, Work work) {
    return Thread.ofVirtual()
        .start(
            () -> {
              for (int at = number; !over; at++) {
                try (var client = new Peer(replicas.get(at % replicas.size()).imap())) {
                  client.line();
                  if (say(client, "LOGIN alice@example.test secret").startsWith("t OK")
                      && say(client, "SELECT " + MAILBOX).startsWith("t OK")) {
                    work.with(client);
                  }
                } catch (IOException | NullPointerException gone) {
                  brokenOff.incrementAndGet();
                }
                Thread.onSpinWait();
              }
            });
  }

  private void write(Peer client) throws IOException {
    while (!over) {
      var name = "m" + names.incrementAndGet();
      var message = "Subject: " + name + "\r\n\r\n" + name + "\r\n";
      var answer = say(client, "APPEND " + MAILBOX + " {" + message.length() + "+}\r\n" + message);
      if (!answer.startsWith("t OK")) {
        refuse(answer);
        continue;
      }
      acknowledged.add(name);
      var uid = answer.replaceFirst("^t OK \\[APPENDUID \\d+ (\\d+)].*", "$1");
      if (say(client, "UID STORE " + uid + " +FLAGS.SILENT (\\Flagged)").startsWith("t OK")) {
        flagged.add(name);
      }
    }
  }

  private void refuse(String answer) throws IOException {
    refused.incrementAndGet();
    if (!answer.startsWith("t NO [UNAVAILABLE]")) {
      wrong.add(answer);
    }
    // Another server may be better off.
    throw new IOException(answer);
  }

  private void idle(Peer client) throws IOException {
    while (!over) {
      client.send("i IDLE");
      client.until("+ ");
      client.until("* ");
      pushes.incrementAndGet();
      client.send("DONE");
      client.until("i ");
    }
  }

  /** The tagged line that answers a command. */
  static String say(Peer client, String command) throws IOException {
    client.send("t " + command);
    return client.until("t ");
  }

  /** Ends all; what runs is answered first. */
  void end() throws InterruptedException {
    close();
    for (var thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() {
    over = true;
  }
}
