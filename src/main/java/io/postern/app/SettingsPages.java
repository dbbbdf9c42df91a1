package io.postern.app;

import io.postern.admin.settingspage.ConnectionLimit;
import io.postern.admin.settingspage.RequestLimit;
import io.postern.admin.settingspage.SettingsHandler;
import io.postern.admin.settingspage.SettingsRoutes;
import io.postern.app.tls.MailTls;
import io.postern.app.tls.ProfileSigners;
import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.postern.config.net.Endpoint;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The ports of the settings page: opened and closed as the settings say. Methods that change them
 * block and hold a lock; queries do neither.
 */
@Singleton
class SettingsPages {
  private static final Logger LOG = System.getLogger(SettingsPages.class.getName());

  /** How long opening or closing a port may take, and requests at its end. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String NO_CERTIFICATE =
      " cannot use HTTPS: there is no certificate; set quarkus.tls.mail.key-store.pem.0.cert and"
          + " .key";

  /** A port that the settings ask for. */
  private record PlannedPage(Endpoint endpoint, boolean tls) {
    String url(int port) {
      var host = endpoint.host().contains(":") ? "[" + endpoint.host() + "]" : endpoint.host();
      return (tls ? "https://" : "http://") + host + ":" + port + "/settings";
    }

    @Override
    public String toString() {
      return "settings page on " + endpoint.host() + ":" + endpoint.port();
    }
  }

  /** An open port. */
  private record OpenPage(HttpServer server, SettingsHandler handler) {}

  private final Vertx vertx;
  private final Live live;
  private final TlsConfigurationRegistry certificates;
  private final SettingsRoutes routes;
  private final RequestLimit limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<PlannedPage, OpenPage> open = new ConcurrentHashMap<>();
  private final Map<PlannedPage, String> failed = new ConcurrentHashMap<>();

  // Guarded by the lock.
  private boolean ended;

  SettingsPages(
      Vertx vertx, Live live, TlsConfigurationRegistry certificates, InstantSource clock) {
    this.vertx = vertx;
    this.live = live;
    this.certificates = certificates;
    this.routes = new SettingsRoutes(live, clock, new ProfileSigners(vertx, certificates)::now);
    this.limit = new RequestLimit(live, clock);
  }

  private static List<PlannedPage> planned(LiveSettings settings) {
    var page = settings.settingsPage();
    return Stream.concat(
            page.bindings().orElse(List.of()).stream()
                .map(it -> new PlannedPage(Endpoint.parse(it), false)),
            page.sslBindings().orElse(List.of()).stream()
                .map(it -> new PlannedPage(Endpoint.parse(it), true)))
        .distinct()
        .toList();
  }

  /** The objections to new settings: ports that could not be opened with them. */
  List<String> objections(LiveSettings settings) {
    return planned(settings).stream().flatMap(it -> problem(it).stream()).toList();
  }

  private Optional<String> problem(PlannedPage planned) {
    return planned.tls && certificate().isEmpty()
        ? Optional.of("The " + planned + NO_CERTIFICATE)
        : Optional.empty();
  }

  private Optional<TlsConfiguration> certificate() {
    return certificates.get(MailTls.NAME).filter(it -> it.getKeyStoreOptions() != null);
  }

  /** Opens the ports of the settings, and closes the others; failed ones are tried again. */
  void apply() {
    lock.lock();
    try {
      var wanted = ended ? List.<PlannedPage>of() : planned(live.now());
      failed.keySet().retainAll(wanted);
      close(open.keySet().stream().filter(it -> !wanted.contains(it)).toList());
      wanted.stream().filter(it -> !open.containsKey(it)).forEach(this::open);
    } finally {
      lock.unlock();
    }
  }

  /** Closes all ports after the requests that are being answered; none is opened any more. */
  void end() {
    lock.lock();
    try {
      ended = true;
      close(List.copyOf(open.keySet()));
    } finally {
      lock.unlock();
    }
  }

  private void open(PlannedPage planned) {
    try {
      problem(planned)
          .ifPresent(
              why -> {
                throw new IllegalStateException(why);
              });
      var options = SettingsHandler.options();
      certificate()
          .filter(_ -> planned.tls)
          .ifPresent(
              it ->
                  options
                      .setSsl(true)
                      .setSni(it.usesSni())
                      .setKeyCertOptions(it.getKeyStoreOptions()));
      var handler = new SettingsHandler(vertx, routes, limit);
      var server =
          vertx
              .createHttpServer(options)
              .connectionHandler(new ConnectionLimit(vertx))
              .invalidRequestHandler(handler::refuse)
              .requestHandler(handler);
      await(server.listen(planned.endpoint.port(), planned.endpoint.host()));
      open.put(planned, new OpenPage(server, handler));
      failed.remove(planned);
      LOG.log(Level.DEBUG, "{0} accepts connections", planned);
    } catch (ExecutionException | TimeoutException | IllegalStateException e) {
      var cause = Objects.requireNonNullElse(e.getCause(), e);
      fail(planned, "The server cannot listen: " + planned + ": " + cause.getMessage());
    }
  }

  private void fail(PlannedPage planned, String why) {
    if (!why.equals(failed.put(planned, why))) {
      LOG.log(Level.ERROR, "{0}; it is tried again every second", why);
    }
  }

  private void close(List<PlannedPage> pages) {
    var closing = pages.stream().flatMap(it -> Stream.ofNullable(open.remove(it))).toList();
    awaitEnd(closing.stream().map(it -> it.handler.drain()));
    awaitEnd(closing.stream().map(it -> it.server.close()));
  }

  /** All at the same time: however many pages there are, the lock is held no longer. */
  private static void awaitEnd(Stream<Future<Void>> ends) {
    try {
      await(Future.join(ends.toList()));
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(Level.WARNING, "A settings page did not end in time", e);
    }
  }

  private static void await(Future<?> future) throws ExecutionException, TimeoutException {
    try {
      future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Uses the renewed certificate for new connections; completes when all ports do. */
  Future<Void> renewCertificate() {
    var renewals =
        certificate().stream()
            .flatMap(
                renewed ->
                    open.entrySet().stream()
                        .filter(it -> it.getKey().tls)
                        .map(it -> renew(it.getKey(), it.getValue().server, renewed)))
            .toList();
    return Future.join(renewals).mapEmpty();
  }

  private static Future<Boolean> renew(
      PlannedPage planned, HttpServer server, TlsConfiguration renewed) {
    return server
        .updateSSLOptions(renewed.getSSLOptions(), true)
        .onSuccess(_ -> LOG.log(Level.INFO, "{0} uses the renewed certificate", planned))
        .onFailure(
            failure -> LOG.log(Level.ERROR, planned + " keeps its old certificate", failure));
  }

  /** Why configured ports could not be opened, one text each. */
  List<String> failures() {
    return failed.values().stream().sorted().toList();
  }

  /** The addresses of the page, for people. */
  List<String> urls() {
    return open.entrySet().stream()
        .map(it -> it.getKey().url(it.getValue().server.actualPort()))
        .sorted()
        .toList();
  }
}
