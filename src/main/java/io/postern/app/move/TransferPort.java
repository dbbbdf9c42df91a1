package io.postern.app.move;

import io.postern.config.BootSettings;
import io.postern.config.net.Endpoint;
import io.postern.site.MailDelivery.Receiver;
import io.postern.site.transfer.ArrivalCalls;
import io.postern.site.transfer.TransferHandler;
import io.postern.wire.transport.BackEnd;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SSLOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;

/** The ports for the calls of other sites: TLS 1.3 with certificates on both sides. */
@Singleton
class TransferPort {
  private static final Logger LOG = System.getLogger(TransferPort.class.getName());

  /** The name of the TLS configuration: {@code quarkus.tls.site.…}. */
  private static final String TLS = "site";

  private static final Set<String> VERSION = Set.of("TLSv1.3");
  private static final long PATIENCE_SECONDS = 10;

  private final Vertx vertx;
  private final BootSettings boot;
  private final ArrivalCalls calls;
  private final Receiver receiver;
  private final TlsConfigurationRegistry certificates;
  private final BackEnd sites;
  private final List<HttpServer> open = new CopyOnWriteArrayList<>();

  TransferPort(
      Vertx vertx,
      BootSettings boot,
      ArrivalCalls calls,
      Receiver receiver,
      TlsConfigurationRegistry certificates,
      BackEnd sites) {
    this.vertx = vertx;
    this.boot = boot;
    this.calls = calls;
    this.receiver = receiver;
    this.certificates = certificates;
    this.sites = sites;
  }

  void open(@Observes StartupEvent event) throws Exception {
    for (var binding : boot.site().transferBindings().orElse(List.of())) {
      var endpoint = Endpoint.parse(binding);
      var server =
          vertx
              .createHttpServer(options())
              .requestHandler(new TransferHandler(this::peer, calls, receiver));
      server
          .listen(endpoint.port(), endpoint.host())
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      open.add(server);
      LOG.log(Level.INFO, "Other sites can move accounts and deliver mail here: {0}", binding);
    }
  }

  /** Its name is left out when certificates need not name their site. */
  private Optional<String> peer(SSLSession session) {
    return sites.front(session).map(name -> boot.site().enforceCertificateErrors() ? name : "");
  }

  private HttpServerOptions options() {
    var tls = tls();
    var options = TransferHandler.options();
    options
        .setSsl(true)
        .setClientAuth(ClientAuth.REQUIRED)
        .setKeyCertOptions(tls.getKeyCertOptions())
        .setTrustOptions(tls.getTrustOptions())
        .setEnabledSecureTransportProtocols(VERSION);
    tls.getCrlPaths().forEach(options::addCrlPath);
    tls.getCrlValues().forEach(options::addCrlValue);
    return options;
  }

  private SSLOptions tls() {
    return certificates
        .get(TLS)
        .map(TlsConfiguration::getSSLOptions)
        .filter(it -> it.getKeyCertOptions() != null && it.getTrustOptions() != null)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "mail.site.transfer-bindings needs the certificate of this site, and the"
                        + " issuers of the other sites': quarkus.tls.site.key-store and"
                        + " quarkus.tls.site.trust-store"));
  }

  void renewed(@Observes CertificateUpdatedEvent event) {
    if (event.name().equals(TLS)) {
      var renewed = new SSLOptions(tls());
      renewed.setEnabledSecureTransportProtocols(VERSION);
      open.forEach(
          server ->
              server
                  .updateSSLOptions(renewed, true)
                  .onFailure(
                      why ->
                          LOG.log(
                              Level.ERROR, "The site's renewed certificate cannot be used", why)));
    }
  }

  void close(@Observes ShutdownEvent event) {
    open.forEach(HttpServer::close);
  }
}
