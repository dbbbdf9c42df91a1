package io.postern.wire.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections whose peer has closed while their socket is not read. The kernel delivers the
 * end of a connection behind its octets, and Java's NIO does not report it for a socket without
 * interest in reading. So while sockets are watched, this reads Linux's table of TCP sockets every
 * few seconds, on a worker thread: a peer that has closed leaves its connection there in
 * CLOSE_WAIT, and a reset one is no longer listed (proc_pid_net(5), RFC 9293 §3.3.2).
 *
 * <p>Finds a close that has arrived in the kernel. A peer that closed with more octets unsent than
 * the receive window holds does not send its FIN before they are read. Without the table, nothing
 * is found. Safe for all threads.
 */
final class HangupProbe {
  static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Logger LOG = System.getLogger(HangupProbe.class.getName());
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));

  /** An IPv4 address in the table of IPv6, as the kernel prints its first three words. */
  private static final String MAPPED = "0000000000000000FFFF0000";

  /** CLOSE, CLOSE_WAIT, LAST_ACK and CLOSING, of include/net/tcp_states.h. */
  private static final List<String> CLOSED = List.of("07", "08", "09", "0B");

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  /** What the rounds have found out about a watched socket. */
  private enum Found {
    /** Nothing yet: it is looked up from the next round on. */
    NEW,
    LISTED,
    /** It was not listed once; an entry can be left out while others come and go. */
    MISSING
  }

  private final Duration interval;
  private final Map<Channel, Found> watched = new ConcurrentHashMap<>();
  private final AtomicBoolean armed = new AtomicBoolean();

  HangupProbe() {
    this(INTERVAL);
  }

  HangupProbe(Duration interval) {
    this.interval = interval;
  }

  /** Watches a socket that is not read from now on: it is first looked up after an interval. */
  void watch(Vertx vertx, Channel socket) {
    if (socket.remoteAddress() instanceof InetSocketAddress) {
      watched.put(socket, Found.NEW);
      arm(vertx);
    }
  }

  /** The socket is read again. */
  void forget(Channel socket) {
    watched.remove(socket);
  }

  private void arm(Vertx vertx) {
    if (armed.compareAndSet(false, true)) {
      vertx.setTimer(interval.toMillis(), _ -> round(vertx));
    }
  }

  private void round(Vertx vertx) {
    watched.keySet().removeIf(socket -> !socket.isOpen());
    var sockets = new HashMap<String, Channel>();
    watched.forEach(
        (socket, found) -> {
          if (found != Found.NEW) {
            sockets.put(key(socket), socket);
          }
        });
    watched.replaceAll((_, found) -> found == Found.NEW ? Found.LISTED : found);
    if (sockets.isEmpty()) {
      over(vertx);
      return;
    }
    vertx
        .executeBlocking(() -> states(sockets), false)
        .onSuccess(states -> sockets.forEach((key, it) -> found(it, states.get(key))))
        .onFailure(why -> LOG.log(Level.DEBUG, () -> "the table of sockets cannot be read: " + why))
        .onComplete(_ -> over(vertx));
  }

  private void over(Vertx vertx) {
    armed.set(false);
    if (!watched.isEmpty()) {
      arm(vertx);
    }
  }

  /** Unless it was read meanwhile: then it is no longer watched, or as a new one. */
  private void found(Channel socket, @Nullable String state) {
    if (state != null && !CLOSED.contains(state)) {
      watched.replace(socket, Found.MISSING, Found.LISTED);
    } else if (watched.remove(socket, Found.MISSING)
        || (state != null && watched.remove(socket, Found.LISTED))) {
      var _ = socket.close();
    } else {
      watched.replace(socket, Found.LISTED, Found.MISSING);
    }
  }

  /** The states of those of the sockets that are listed. Blocks. */
  private static Map<String, String> states(Map<String, Channel> sockets) throws IOException {
    var states = new HashMap<String, String>();
    boolean listed = false;
    for (var table : TABLES) {
      if (Files.exists(table)) {
        try (var lines = Files.newBufferedReader(table, US_ASCII)) {
          lines.readLine();
          for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            listed = true;
            read(line, sockets, states);
          }
        }
      }
    }
    // The listening sockets are there, unless the system hides the table.
    if (!listed) {
      throw new IOException("no socket is listed in " + TABLES);
    }
    return states;
  }

  /** A line is {@code number: local remote state …}, an address with its port {@code hex:hex}. */
  private static void read(String line, Map<String, Channel> sockets, Map<String, String> states) {
    var words = line.strip().split(" +", 5);
    if (words.length == 5) {
      var key = port(words[1]) + " " + words[2].replace(MAPPED, "");
      if (sockets.containsKey(key)) {
        states.put(key, words[3]);
      }
    }
  }

  private static String port(String endpoint) {
    return endpoint.substring(endpoint.indexOf(':') + 1);
  }

  /** The local port and the remote endpoint, as the table shows them. */
  private static String key(Channel socket) {
    var local = (InetSocketAddress) socket.localAddress();
    var remote = (InetSocketAddress) socket.remoteAddress();
    var words = ByteBuffer.wrap(remote.getAddress().getAddress()).order(ByteOrder.nativeOrder());
    var key = new StringBuilder(HEX.toHexDigits((short) local.getPort())).append(' ');
    while (words.hasRemaining()) {
      key.append(HEX.toHexDigits(words.getInt()));
    }
    return key.append(':').append(HEX.toHexDigits((short) remote.getPort())).toString();
  }
}
