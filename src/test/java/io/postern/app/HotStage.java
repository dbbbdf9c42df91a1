package io.postern.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.postern.Eventually;
import io.postern.config.Live;
import io.postern.config.component.Components;
import io.postern.config.watch.ConfigWatcher;
import io.postern.embedded.FreePorts;
import io.postern.imap.session.ImapProtocol;
import io.postern.lmtp.LmtpProtocol;
import io.postern.model.MailProtocol;
import io.postern.pop3.Pop3Protocol;
import io.postern.store.account.Accounts;
import io.postern.store.account.DeletedAccounts;
import io.postern.store.account.Quotas;
import io.postern.store.maintenance.AuditTrail;
import io.postern.store.maintenance.Recoverable;
import io.postern.wire.transport.Listener.Tls;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;

/** A running server whose settings are files, and its clients. */
final class HotStage {
  /** The beans that scenarios use. */
  record Beans(
      Server server,
      Live live,
      ConfigWatcher watcher,
      Components components,
      ServiceSwitches services,
      Accounts accounts,
      DeletedAccounts deletedAccounts,
      Quotas quotas,
      Recoverable recoverable,
      AuditTrail trail,
      MaintenanceJob sweeping,
      Vertx vertx,
      ImapProtocol imap,
      Pop3Protocol pop3,
      LmtpProtocol lmtp,
      ConfigPolling configPolling,
      MeterRegistry meters,
      HotClock clock) {}

  /** So long that a test which waits for it fails: only what the key sets can end the wait. */
  private static final Map<String, String> SILENCE =
      Map.of(
          "mail.imap.pre-authenticated-connection-timeout", "PT1H",
          "mail.imap.authenticated-connection-timeout", "PT24H",
          "mail.imap.idle-heartbeat", "PT29M",
          "mail.pop3.pre-authenticated-connection-timeout", "PT1H",
          "mail.lmtp.timeout", "PT1H",
          "mail.drain.last-command", "PT10M");

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** The number of accounts; each scenario takes some for itself. */
  static final int USERS = 100;

  /** Whom load balancers are believed to be. */
  private static final String HERE = "127.0.0.0/8";

  final Beans beans;

  /** A certificate of alice@example.test, whom the server trusts. */
  final HotCertificate certificate;

  private final Path directory;
  private final Map<String, String> base = new HashMap<>(SILENCE);
  private final Map<String, Integer> balancers = new HashMap<>();
  private final BlockingQueue<Long> swaps = new LinkedBlockingQueue<>();
  private int version;
  private int users;

  HotStage(Path directory, HotCertificate certificate, Beans beans) throws IOException {
    this.directory = directory;
    this.certificate = certificate;
    this.beans = beans;
    base.put("mail.proxy-protocol.trusted-networks", HERE);
    for (var protocol : HotMailProtocol.values()) {
      balancers.put(protocol.named(), FreePorts.one());
      base.put(balancersKey(protocol), balancers(protocol));
    }
    beans.live.afterSwap(() -> swaps.add(beans.live.generation()));
  }

  /**
   * Mounts these settings, key and value in turn, and returns when they are in force; all others
   * are as in all tests.
   */
  void set(String... keysAndValues) throws Exception {
    var files = new HashMap<>(base);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      files.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    swaps.clear();
    if (mount(files)) {
      // The first change is noticed by the server itself, within its second; more is not waited
      // for.
      if (version > 1) {
        beans.configPolling.poll();
      }
      var swapped = swaps.poll(60, SECONDS);
      assertThat(swapped).as(() -> "taken; " + beans.watcher.report().lastError()).isNotNull();
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

  /** The setting of where load balancers come. */
  static String balancersKey(HotMailProtocol protocol) {
    return protocol.key("proxy-unencrypted-or-tls-bindings");
  }

  /** The protocols and TLS modes of all scenarios. */
  String balancers(HotMailProtocol protocol) {
    return "127.0.0.1:" + balancers.get(protocol.named());
  }

  /** A connection from this address, as a load balancer passes it on; nothing was said to it. */
  Peer balanced(MailProtocol protocol, String address) throws IOException {
    return balanced(balancers.getOrDefault(protocol.label(), 0), address);
  }

  static Peer balanced(int port, String address) throws IOException {
    var peer = new Peer(port);
    // proxy-protocol.txt §2.1
    peer.send("PROXY TCP4 " + address + " 192.0.2.1 50000 143");
    return peer;
  }

  /** A user whom no other scenario knows, with the password {@code secret}. */
  String user() {
    assertThat(users).as("users of scenarios").isLessThan(USERS);
    return "u" + users++ + "@example.test";
  }

  /** Polls a condition that has no notification. */
  static void eventually(String what, Callable<Boolean> seen) throws Exception {
    Eventually.holds(what, PATIENCE, seen::call);
  }

  int port(MailProtocol protocol, Tls tls) {
    return beans.server.port(protocol, tls).orElseThrow();
  }

  /** A client that is greeted. */
  Peer imap() throws IOException {
    return greeted(new Peer(port(MailProtocol.IMAP, Tls.STARTTLS)), "* OK ");
  }

  Peer imapTls() throws IOException {
    return tls(port(MailProtocol.IMAP, Tls.IMPLICIT), "* OK ");
  }

  /** One that would show its certificate if it were asked. */
  Peer imapTls(HotCertificate own) throws IOException {
    var peer = new Peer(port(MailProtocol.IMAP, Tls.IMPLICIT));
    peer.startTls(own.keys());
    return greeted(peer, "* OK ");
  }

  /** One that is logged in. */
  Peer alice() throws IOException {
    var client = imap();
    assertThat(ask(client, "LOGIN alice@example.test secret")).startsWith("t OK");
    return client;
  }

  Peer pop3() throws IOException {
    return greeted(new Peer(port(MailProtocol.POP3, Tls.STARTTLS)), "+OK ");
  }

  Peer pop3Tls() throws IOException {
    return tls(port(MailProtocol.POP3, Tls.IMPLICIT), "+OK ");
  }

  /** One that has said LHLO. */
  Peer lmtp() throws IOException {
    var peer = greeted(new Peer(port(MailProtocol.LMTP, Tls.STARTTLS)), "220 ");
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
