package io.postern.app;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Stands between a server and PostgreSQL and counts trips, whatever the speed of the machine.
 *
 * <p>It is a slow network: no answer passes before {@value #LATENCY_MS} ms are over since the first
 * request of its depth was sent. The depth of a request is one more than that of the deepest answer
 * that has passed when it is sent. So requests that do not wait for each other's answers have the
 * same depth, on one connection or several, and one that waits has a greater one: the number of
 * depths is the number of trips. A depth at which statements were only prepared, each for the first
 * time on its connection, does not count; a statement that is prepared again does.
 *
 * <p>The statement that stores search texts does not count: it is sent in the background some time
 * after a delivery, and belongs to no command.
 */
final class PostgresProxy implements AutoCloseable {
  /** Far more than the statements of one pipelined batch take to be written. */
  static final long LATENCY_MS = 20;

  /** What the statement that stores search texts contains. */
  private static final String BACKGROUND = "INSERT INTO content_search";

  /** After so long without a request a command has no other under way. */
  private static final long QUIET_MS = 3 * LATENCY_MS;

  // One event loop: what follows is confined to it.
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Set<Link> links = new HashSet<>();
  private final List<String> sent = new ArrayList<>();
  private final int target;
  private final NetClient outgoing = vertx.createNetClient();
  private final NetServer server;

  /** The greatest depth of a request. */
  private int asked;

  /** The greatest depth whose answers may pass. */
  private int due;

  /** The greatest depth of an answer that has passed. */
  private int passed;

  /** The greatest depth that was counted. */
  private int counted;

  private int trips;
  private int background;
  private long lastRequest = System.nanoTime();

  /**
   * Listens at a free port.
   *
   * @param target the port of PostgreSQL
   */
  PostgresProxy(int target) {
    this.target = target;
    server = done(vertx.createNetServer().connectHandler(this::connected).listen(0, "127.0.0.1"));
  }

  int port() {
    return server.actualPort();
  }

  /**
   * What was sent since it was asked last, once no statement is under way any more. Its writes are
   * those to add to the number that PostgreSQL counted: those of the background, subtracted.
   */
  DatabaseTrips taken() {
    var promise = Promise.<DatabaseTrips>promise();
    vertx.runOnContext(_ -> takeWhenQuiet(promise));
    return done(promise.future());
  }

  private void takeWhenQuiet(Promise<DatabaseTrips> promise) {
    long quiet = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastRequest);
    if (quiet < QUIET_MS || links.stream().anyMatch(Link::busy)) {
      vertx.setTimer(LATENCY_MS, _ -> takeWhenQuiet(promise));
      return;
    }
    promise.complete(new DatabaseTrips(trips, sent.size(), -background, List.copyOf(sent)));
    trips = 0;
    background = 0;
    sent.clear();
  }

  private void connected(NetSocket client) {
    client.pause();
    outgoing
        .connect(target, "127.0.0.1")
        .onSuccess(there -> links.add(new Link(client, there)))
        .onFailure(_ -> client.close());
  }

  /** The depth of a request that is sent now. */
  private int depth() {
    lastRequest = System.nanoTime();
    int depth = passed + 1;
    if (depth > asked) {
      asked = depth;
      vertx.setTimer(LATENCY_MS, _ -> pass(depth));
    }
    return depth;
  }

  private void pass(int depth) {
    due = depth;
    List.copyOf(links).forEach(Link::pass);
  }

  private void count(int depth) {
    if (depth > counted) {
      counted = depth;
      trips++;
    }
  }

  /** One connection. */
  private final class Link {
    private final NetSocket client;
    private final NetSocket there;
    private final PostgresMessages requests = new PostgresMessages(false, this::request);
    private final PostgresMessages answers = new PostgresMessages(true, this::answer);
    private final Map<String, String> prepared = new HashMap<>();
    private final Map<String, String> bound = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private Buffer held = Buffer.buffer();
    private boolean open;
    private int unanswered;
    private int depth;

    Link(NetSocket client, NetSocket there) {
      this.client = client;
      this.there = there;
      client.handler(this::fromClient);
      there.handler(this::fromServer);
      client.closeHandler(_ -> close(there));
      there.closeHandler(_ -> close(client));
      client.resume();
    }

    private void close(NetSocket other) {
      links.remove(this);
      other.close();
    }

    boolean busy() {
      return open && (unanswered > 0 || held.length() > 0);
    }

    private void fromClient(Buffer octets) {
      requests.take(octets);
      there.write(octets);
    }

    private void request(char type, Buffer body) {
      switch (type) {
        case PostgresMessages.STARTUP -> unanswered++;
        case 'P' -> prepare(body);
        case 'B' -> bind(body);
        case 'E' -> execute(bound.getOrDefault(PostgresMessages.text(body, 0), "?"));
        case 'Q' -> {
          execute(PostgresMessages.text(body, 0));
          unanswered++;
        }
        case 'S' -> {
          depth = depth();
          unanswered++;
        }
        // Passwords, descriptions, the end: no statement, and nothing that ends with an answer.
        default -> {}
      }
    }

    private void prepare(Buffer body) {
      var name = PostgresMessages.text(body, 0);
      var text = PostgresMessages.text(body, name.length() + 1);
      prepared.put(name, text);
      if (!known.add(text) && !text.contains(BACKGROUND)) {
        depth = depth();
        count(depth);
      }
    }

    private void bind(Buffer body) {
      var portal = PostgresMessages.text(body, 0);
      var name = PostgresMessages.text(body, portal.length() + 1);
      bound.put(portal, prepared.getOrDefault(name, "?"));
    }

    private void execute(String text) {
      depth = depth();
      if (text.contains(BACKGROUND)) {
        background++;
        return;
      }
      count(depth);
      sent.add(text);
    }

    private void fromServer(Buffer octets) {
      held = held.copy().appendBuffer(octets);
      answers.take(octets);
      pass();
    }

    private void answer(char type, Buffer body) {
      if (type == 'Z') {
        unanswered--;
        open = true;
      }
    }

    /** Hands over what may pass; before the connection is ready for statements, all may. */
    void pass() {
      if (held.length() > 0 && (!open || (unanswered == 0 && depth <= due))) {
        client.write(held);
        held = Buffer.buffer();
        passed = Math.max(passed, depth);
      }
    }
  }

  private static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    done(vertx.close());
  }
}
