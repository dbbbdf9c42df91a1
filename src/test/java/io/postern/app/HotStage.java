package io.postern.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.Components;
import io.postern.config.Live;
import io.postern.config.watch.ConfigWatcher;
import io.postern.imap.session.ImapProtocol;
import io.postern.pop3.Pop3Protocol;
import io.postern.store.Accounts;
import io.postern.store.Recoverable;
import io.postern.wire.Listener.Tls;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A running server whose settings are files, and its clients. */
final class HotStage {
  /** What is looked at from within. */
  record House(
      Server server,
      Live live,
      ConfigWatcher watcher,
      Components components,
      Services services,
      Accounts accounts,
      Recoverable recoverable,
      Sweeping sweeping,
      Vertx vertx,
      ImapProtocol imap,
      Pop3Protocol pop3) {}

  /** So long that a test which waits for it fails: only what the key sets can end the wait. */
  private static final Map<String, String> BASE =
      Map.of(
          "mail.imap.pre-authenticated-connection-timeout", "PT1H",
          "mail.imap.authenticated-connection-timeout", "PT24H",
          "mail.imap.idle-heartbeat", "PT29M",
          "mail.pop3.pre-authenticated-connection-timeout", "PT1H",
          "mail.lmtp.timeout", "PT1H",
          "mail.drain.last-command", "PT10M");

  final House house;
  private final Path directory;
  private final BlockingQueue<Long> swaps = new LinkedBlockingQueue<>();
  private int version;

  HotStage(Path directory, House house) {
    this.directory = directory;
    this.house = house;
    house.live.afterSwap(() -> swaps.add(house.live.generation()));
  }

  /**
   * Mounts these settings, key and value in turn, and returns when they are in force; all others
   * are as in all tests.
   */
  void set(String... keysAndValues) throws Exception {
    var files = new HashMap<>(BASE);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      files.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    swaps.clear();
    if (mount(files)) {
      var swapped = swaps.poll(60, SECONDS);
      assertThat(swapped).as(() -> "taken; " + house.watcher.report().lastError()).isNotNull();
    }
  }

  /** As Kubernetes does; whether anything is new. */
  private boolean mount(Map<String, String> files) throws IOException {
    var link = directory.resolve("..data");
    if (Files.exists(link) && says(link, files)) {
      return false;
    }
    var made = Files.createDirectory(directory.resolve("..v" + ++version));
    for (var file : files.entrySet()) {
      Files.writeString(made.resolve(file.getKey()), file.getValue() + "\n");
    }
    var next = directory.resolve("..data_tmp");
    Files.createSymbolicLink(next, made.getFileName());
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }

  private static boolean says(Path mounted, Map<String, String> files) throws IOException {
    var there = new HashMap<String, String>();
    try (var entries = Files.newDirectoryStream(mounted.toRealPath())) {
      for (var entry : entries) {
        there.put(entry.getFileName().toString(), Files.readString(entry).strip());
      }
    }
    return there.equals(files);
  }

  /** A port that nobody has. */
  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port(String protocol, Tls tls) {
    return house.server.port(protocol, tls).orElseThrow();
  }

  /** A client that is greeted. */
  Peer imap() throws IOException {
    return greeted(new Peer(port("imap", Tls.STARTTLS)), "* OK ");
  }

  Peer imapTls() throws IOException {
    return tls(port("imap", Tls.IMPLICIT), "* OK ");
  }

  /** One that is logged in. */
  Peer alice() throws IOException {
    var client = imap();
    assertThat(ask(client, "LOGIN alice@example.test secret")).startsWith("t OK");
    return client;
  }

  Peer pop3() throws IOException {
    return greeted(new Peer(port("pop3", Tls.STARTTLS)), "+OK ");
  }

  Peer pop3Tls() throws IOException {
    return tls(port("pop3", Tls.IMPLICIT), "+OK ");
  }

  /** One that has said LHLO. */
  Peer lmtp() throws IOException {
    var peer = greeted(new Peer(port("lmtp", Tls.STARTTLS)), "220 ");
    assertThat(peer.say("LHLO client.example.test").getLast()).startsWith("250 ");
    return peer;
  }

  static Peer tls(int port, String greeting) throws IOException {
    var peer = new Peer(port);
    peer.startTls();
    return greeted(peer, greeting);
  }

  static Peer greeted(Peer peer, String greeting) throws IOException {
    assertThat(peer.line()).startsWith(greeting);
    return peer;
  }

  /** The tagged answer to an IMAP command. */
  static String ask(Peer client, String command) throws IOException {
    client.send("t " + command);
    return client.until("t ");
  }

  /** The first line that answers a command of POP3 or LMTP. */
  static String say(Peer client, String command) throws IOException {
    client.send(command);
    return client.line();
  }

  /** The lines behind the first, up to the dot. */
  static String lines(Peer client, String command) throws IOException {
    assertThat(say(client, command)).startsWith("+OK");
    var lines = new StringBuilder();
    for (var line = client.line(); !line.equals("."); line = client.line()) {
      lines.append(line).append('\n');
    }
    return lines.toString();
  }
}
