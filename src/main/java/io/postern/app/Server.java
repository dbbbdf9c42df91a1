package io.postern.app;

import io.postern.config.BootSettings;
import io.postern.observe.Readiness;
import io.postern.wire.Listener;
import io.postern.wire.Listener.Tls;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Opens the listeners when the platform stands, and closes them before it goes. */
@Singleton
public class Server implements Readiness.Listeners {
  private static final Logger LOG = System.getLogger(Server.class.getName());

  /** How long binding one address may take. */
  private static final Duration BINDING = Duration.ofSeconds(30);

  /** How long sessions may take to hear the farewell and go. */
  private static final Duration DRAINING = Duration.ofSeconds(20);

  private final Doors doors;
  private final DemoAccounts demo;
  private final BootSettings settings;
  private final List<Listener> open = new CopyOnWriteArrayList<>();
  private volatile boolean draining;

  Server(Doors doors, DemoAccounts demo, BootSettings settings) {
    this.doors = doors;
    this.demo = demo;
    this.settings = settings;
  }

  void start(@Observes StartupEvent event) {
    demo.furnish();
    doors.made().forEach(this::open);
    LOG.log(Level.INFO, this::howToConnect);
  }

  private void open(Listener listener) {
    try {
      listener.start().await().atMost(BINDING);
      open.add(listener);
    } catch (CompletionException | TimeoutException e) {
      close();
      var cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new IllegalStateException(
          "The server cannot listen: " + listener + ": " + cause.getMessage(), cause);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    draining = true;
    close();
  }

  private void close() {
    var farewells = open.reversed().stream().map(Listener::stop).toList();
    if (farewells.isEmpty()) {
      return;
    }
    try {
      Uni.join().all(farewells).andCollectFailures().await().atMost(DRAINING);
    } catch (TimeoutException _) {
      LOG.log(Level.WARNING, "Some sessions did not go in time and are cut");
    }
    open.clear();
  }

  void renewed(@Observes CertificateUpdatedEvent event) {
    if (event.name().equals(MailTls.NAME)) {
      open.forEach(this::renew);
    }
  }

  private void renew(Listener listener) {
    listener
        .renewCertificate()
        .subscribe()
        .with(
            _ -> LOG.log(Level.INFO, "{0} shows the renewed certificate", listener),
            failure -> LOG.log(Level.ERROR, listener + " keeps the certificate it has", failure));
  }

  /**
   * The port that the first listener of a protocol and kind has got.
   *
   * @param protocol {@code imap}, {@code pop3} or {@code lmtp}
   */
  public Optional<Integer> port(String protocol, Tls tls) {
    return open.stream()
        .filter(listener -> listener.toString().startsWith(protocol + " "))
        .filter(listener -> listener.binding().tls() == tls)
        .map(Listener::port)
        .findFirst();
  }

  @Override
  public boolean listening() {
    return !draining;
  }

  @Override
  public List<String> places() {
    return open.stream().map(Server::place).toList();
  }

  private String howToConnect() {
    if (open.isEmpty()) {
      return "No mail service is enabled: see mail.imap.enabled, mail.pop3.enabled and mail.lmtp.enabled";
    }
    var places = open.stream().map(Server::place).collect(Collectors.joining(", "));
    return "Connect to "
        + places
        + (settings.demo().enabled() ? ", user " + DemoAccounts.HOW_TO_LOG_IN : "");
  }

  private static String place(Listener listener) {
    var protocol = listener.toString().substring(0, listener.toString().indexOf(' '));
    var binding = listener.binding();
    var host = binding.host().contains(":") ? "[" + binding.host() + "]" : binding.host();
    var tls =
        switch (binding.tls()) {
          case NONE -> "";
          case STARTTLS -> " (STARTTLS)";
          case IMPLICIT -> " (TLS)";
        };
    return protocol.toUpperCase(Locale.ROOT) + " " + host + ":" + listener.port() + tls;
  }
}
