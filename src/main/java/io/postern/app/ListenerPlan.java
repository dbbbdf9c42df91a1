package io.postern.app;

import io.postern.admission.AdmissionControl;
import io.postern.app.tls.MailTls;
import io.postern.app.tls.SharedTicketSecret;
import io.postern.app.tls.TlsEngines;
import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.postern.config.area.LimitSettings;
import io.postern.config.net.Endpoint;
import io.postern.imap.session.ImapProtocol;
import io.postern.lmtp.LmtpProtocol;
import io.postern.model.MailProtocol;
import io.postern.pop3.Pop3Protocol;
import io.postern.wire.Protocol;
import io.postern.wire.limits.OctetBudget;
import io.postern.wire.limits.WireLimits;
import io.postern.wire.limits.WireLimits.Unauthenticated;
import io.postern.wire.registry.SessionRegistry;
import io.postern.wire.timer.TimerWheel;
import io.postern.wire.transport.Listener;
import io.postern.wire.transport.Listener.Binding;
import io.postern.wire.transport.Listener.Tls;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.impl.VertxInternal;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Determines from the current settings which listeners should exist, and creates them. */
@Singleton
class ListenerPlan {
  /** A listener that the settings ask for: its protocol, address, port, TLS mode and peers. */
  record PlannedListener(MailProtocol protocol, Binding binding) {
    /** Whether both need the same address. */
    boolean collides(PlannedListener other) {
      return binding.port() != 0
          && binding.port() == other.binding.port()
          && binding.host().equals(other.binding.host());
    }

    @Override
    public String toString() {
      var forSites = binding.fromSites() ? " for other sites" : "";
      return protocol.label() + forSites + " on " + binding.host() + ":" + binding.port();
    }
  }

  /** RFC 5321 §4.5.3.1.4 requires 512 octets; SMTPUTF8 and parameters need more. */
  private static final int LMTP_LINE = 4_096;

  private static final String CERTIFICATE =
      "there is no certificate; set quarkus.tls.mail.key-store.pem.0.cert and .key";

  private final Vertx vertx;
  private final Live live;
  private final ImapProtocol imap;
  private final Pop3Protocol pop3;
  private final LmtpProtocol lmtp;
  private final SessionRegistry sessions;
  private final TlsConfigurationRegistry certificates;
  private final TlsEngines engines;
  private final SharedTicketSecret tickets;
  private final List<TimerWheel> wheels;
  private final AdmissionControl admissionControl;
  private final SiteListeners sites;

  /** A sixteenth of the heap for the input of all unauthenticated clients. */
  private final Unauthenticated untilLogin =
      Unauthenticated.of(new OctetBudget(Runtime.getRuntime().maxMemory() / 16));

  ListenerPlan(
      Vertx vertx,
      Live live,
      ImapProtocol imap,
      Pop3Protocol pop3,
      LmtpProtocol lmtp,
      SessionRegistry sessions,
      TlsConfigurationRegistry certificates,
      TlsEngines engines,
      SharedTicketSecret tickets,
      AdmissionControl admissionControl,
      SiteListeners sites) {
    this.sites = sites;
    this.vertx = vertx;
    this.live = live;
    this.imap = imap;
    this.pop3 = pop3;
    this.lmtp = lmtp;
    this.sessions = sessions;
    this.certificates = certificates;
    this.engines = engines;
    this.tickets = tickets;
    this.admissionControl = admissionControl;
    this.wheels = TimerWheel.spread(vertx, eventLoops());
  }

  /** The listeners of the current settings, in the order in which they are started. */
  List<PlannedListener> planned() {
    return planned(live.now());
  }

  private List<PlannedListener> planned(LiveSettings settings) {
    return Stream.of(
            sites.planned(settings),
            settings.imap().enabled()
                ? listenersWithProxies(
                    MailProtocol.IMAP,
                    settings.imap().unencryptedOrTlsBindings(),
                    settings.imap().sslBindings(),
                    settings.imap())
                : Stream.<PlannedListener>empty(),
            settings.pop3().enabled()
                ? listenersWithProxies(
                    MailProtocol.POP3,
                    settings.pop3().unencryptedOrTlsBindings(),
                    settings.pop3().sslBindings(),
                    settings.pop3())
                : Stream.<PlannedListener>empty(),
            settings.lmtp().enabled()
                ? listeners(MailProtocol.LMTP, settings.lmtp().bindings(), Tls.STARTTLS, false)
                : Stream.<PlannedListener>empty())
        .flatMap(Function.identity())
        .distinct()
        .toList();
  }

  /** Whether clients of a service are asked for a certificate. */
  private static ClientAuth asked(MailProtocol protocol, LiveSettings settings) {
    return switch (protocol) {
      // A client without a certificate is accepted too: it has a password.
      case IMAP, POP3 ->
          settings.auth().certificates().enabled() ? ClientAuth.REQUEST : ClientAuth.NONE;
      case LMTP ->
          settings.lmtp().requireClientCertificate() ? ClientAuth.REQUIRED : ClientAuth.NONE;
    };
  }

  private MailTls tls(MailProtocol protocol) {
    return new MailTls(
        certificates,
        () -> asked(protocol, live.now()),
        () -> live.now().tls().onlyTls13(),
        () -> engines.engine(protocol, live.now()),
        tickets::now);
  }

  /** Why the listener cannot be started with the current settings and certificate. */
  Optional<String> problem(PlannedListener planned) {
    return problem(planned, live.now());
  }

  /**
   * The objections to new settings: listeners that could not be started with them. Open ones would
   * be closed, and the missing certificates need a restart.
   */
  List<String> objections(LiveSettings settings) {
    return planned(settings).stream()
        .flatMap(planned -> problem(planned, settings).stream())
        .distinct()
        .toList();
  }

  private Optional<String> problem(PlannedListener planned, LiveSettings settings) {
    if (planned.binding().fromSites()) {
      return sites.problem(planned);
    }
    return engines
        .problem(planned.protocol(), settings)
        .or(() -> certificateProblem(planned, settings));
  }

  private Optional<String> certificateProblem(PlannedListener planned, LiveSettings settings) {
    var tls = tls(planned.protocol());
    if (planned.binding().tls() == Tls.IMPLICIT && !tls.present()) {
      return Optional.of(planned + " cannot begin with TLS: " + CERTIFICATE);
    }
    if (planned.protocol() != MailProtocol.LMTP) {
      return asked(planned.protocol(), settings) == ClientAuth.REQUEST && !tls.trusts()
          ? Optional.of(
              "mail.auth.certificates.enabled is true, but there is no trust store: set"
                  + " quarkus.tls.mail.trust-store.pem.certs, and restart")
          : Optional.empty();
    }
    boolean asked = asked(planned.protocol(), settings) == ClientAuth.REQUIRED;
    // Without it every message would bounce: 530 is a permanent error.
    if ((asked || settings.lmtp().requireTls()) && !tls.present()) {
      return Optional.of(
          "mail.lmtp.require-tls or mail.lmtp.require-client-certificate is true, but "
              + CERTIFICATE);
    }
    if (asked && !tls.trusts()) {
      return Optional.of(
          "mail.lmtp.require-client-certificate is true, but there is no trust store: set"
              + " quarkus.tls.mail.trust-store.pem.certs, and restart");
    }
    return Optional.empty();
  }

  /** Creates a planned listener, not started yet. */
  Listener create(PlannedListener planned) {
    return new Listener(
        vertx,
        wheels,
        planned.binding(),
        planned.binding().fromSites() ? sites.tls() : tls(planned.protocol()),
        protocol(planned.protocol()),
        limits(planned.protocol()),
        sessions,
        admissionControl,
        planned.binding().fromSites() ? Optional.of(sites) : Optional.empty());
  }

  private Protocol protocol(MailProtocol protocol) {
    return switch (protocol) {
      case IMAP -> imap;
      case POP3 -> pop3;
      case LMTP -> lmtp;
    };
  }

  private Supplier<WireLimits> limits(MailProtocol protocol) {
    return switch (protocol) {
      case IMAP -> () -> ImapProtocol.limits(live.now()).untilLogin(untilLogin);
      case POP3 -> () -> WireLimits.ofLine(Pop3Protocol.LINE).untilLogin(untilLogin);
      case LMTP -> () -> WireLimits.ofLine(LMTP_LINE);
    };
  }

  /** The listeners for clients, and those for load balancers. */
  private static Stream<PlannedListener> listenersWithProxies(
      MailProtocol protocol,
      Optional<List<String>> startTls,
      Optional<List<String>> ssl,
      LimitSettings proxies) {
    return Stream.of(
            listeners(protocol, startTls, Tls.STARTTLS, false),
            listeners(protocol, ssl, Tls.IMPLICIT, false),
            listeners(protocol, proxies.proxyUnencryptedOrTlsBindings(), Tls.STARTTLS, true),
            listeners(protocol, proxies.proxySslBindings(), Tls.IMPLICIT, true))
        .flatMap(Function.identity());
  }

  private static Stream<PlannedListener> listeners(
      MailProtocol protocol, Optional<List<String>> endpoints, Tls tls, boolean proxied) {
    return endpoints.orElse(List.of()).stream()
        .map(Endpoint::parse)
        .map(endpoint -> new Binding(endpoint.host(), endpoint.port(), tls, proxied))
        .map(binding -> new PlannedListener(protocol, binding));
  }

  private int eventLoops() {
    return (int)
        StreamSupport.stream(((VertxInternal) vertx).getEventLoopGroup().spliterator(), false)
            .count();
  }
}
