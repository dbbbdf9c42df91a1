package io.postern.app;

import io.postern.admission.AdmissionControl;
import io.postern.config.Endpoint;
import io.postern.config.LimitSettings;
import io.postern.config.Live;
import io.postern.config.LiveSettings;
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
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Determines from the current settings which listeners should exist, and creates them. */
@Singleton
class ListenerPlan {
  /** A binding of a service: its protocol, address, port and TLS mode. */
  record Door(MailProtocol protocol, Binding binding) {
    /** Whether both need the same address. */
    boolean collides(Door other) {
      return binding.port() != 0
          && binding.port() == other.binding.port()
          && binding.host().equals(other.binding.host());
    }

    @Override
    public String toString() {
      return protocol.label() + " on " + binding.host() + ":" + binding.port();
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
  private final List<TimerWheel> wheels;
  private final AdmissionControl admissionControl;

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
      AdmissionControl admissionControl) {
    this.vertx = vertx;
    this.live = live;
    this.imap = imap;
    this.pop3 = pop3;
    this.lmtp = lmtp;
    this.sessions = sessions;
    this.certificates = certificates;
    this.admissionControl = admissionControl;
    this.wheels = TimerWheel.spread(vertx, eventLoops());
  }

  /** The bindings of the current settings, in the order in which they are opened. */
  List<Door> wanted() {
    return wanted(live.now());
  }

  private static List<Door> wanted(LiveSettings settings) {
    return Stream.of(
            settings.imap().enabled()
                ? places(
                    MailProtocol.IMAP,
                    settings.imap().unencryptedOrTlsBindings(),
                    settings.imap().sslBindings(),
                    settings.imap())
                : Stream.<Door>empty(),
            settings.pop3().enabled()
                ? places(
                    MailProtocol.POP3,
                    settings.pop3().unencryptedOrTlsBindings(),
                    settings.pop3().sslBindings(),
                    settings.pop3())
                : Stream.<Door>empty(),
            settings.lmtp().enabled()
                ? doors(MailProtocol.LMTP, settings.lmtp().bindings(), Tls.STARTTLS, false)
                : Stream.<Door>empty())
        .flatMap(doors -> doors)
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
        certificates, () -> asked(protocol, live.now()), () -> live.now().tls().onlyTls13());
  }

  /** Why the binding cannot be opened with the current settings and certificate. */
  Optional<String> problem(Door door) {
    return problem(door, live.now());
  }

  /**
   * The objections to new settings: bindings that could not be opened with them. Open ones would be
   * closed, and the missing certificates need a restart.
   */
  List<String> objections(LiveSettings settings) {
    return wanted(settings).stream()
        .flatMap(door -> problem(door, settings).stream())
        .distinct()
        .toList();
  }

  private Optional<String> problem(Door door, LiveSettings settings) {
    var tls = tls(door.protocol());
    if (door.binding().tls() == Tls.IMPLICIT && !tls.present()) {
      return Optional.of(door + " cannot begin with TLS: " + CERTIFICATE);
    }
    if (door.protocol() != MailProtocol.LMTP) {
      return asked(door.protocol(), settings) == ClientAuth.REQUEST && !tls.trusts()
          ? Optional.of(
              "mail.auth.certificates.enabled is true, but nobody is trusted: set"
                  + " quarkus.tls.mail.trust-store.pem.certs, and restart")
          : Optional.empty();
    }
    boolean asked = asked(door.protocol(), settings) == ClientAuth.REQUIRED;
    // Without it every message would bounce: 530 is a permanent error.
    if ((asked || settings.lmtp().requireTls()) && !tls.present()) {
      return Optional.of(
          "mail.lmtp.require-tls or mail.lmtp.require-client-certificate is true, but "
              + CERTIFICATE);
    }
    if (asked && !tls.trusts()) {
      return Optional.of(
          "mail.lmtp.require-client-certificate is true, but nobody is trusted: set"
              + " quarkus.tls.mail.trust-store.pem.certs, and restart");
    }
    return Optional.empty();
  }

  /** Creates the listener of a binding, not started yet. */
  Listener listener(Door door) {
    return new Listener(
        vertx,
        wheels,
        door.binding(),
        tls(door.protocol()),
        protocol(door.protocol()),
        limits(door.protocol()),
        sessions,
        admissionControl);
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

  /** The bindings for clients, and those for load balancers. */
  private static Stream<Door> places(
      MailProtocol protocol,
      Optional<List<String>> startTls,
      Optional<List<String>> ssl,
      LimitSettings proxies) {
    return Stream.of(
            doors(protocol, startTls, Tls.STARTTLS, false),
            doors(protocol, ssl, Tls.IMPLICIT, false),
            doors(protocol, proxies.proxyUnencryptedOrTlsBindings(), Tls.STARTTLS, true),
            doors(protocol, proxies.proxySslBindings(), Tls.IMPLICIT, true))
        .flatMap(doors -> doors);
  }

  private static Stream<Door> doors(
      MailProtocol protocol, Optional<List<String>> places, Tls tls, boolean proxied) {
    return places.orElse(List.of()).stream()
        .map(Endpoint::parse)
        .map(place -> new Binding(place.host(), place.port(), tls, proxied))
        .map(binding -> new Door(protocol, binding));
  }

  private int eventLoops() {
    return (int)
        StreamSupport.stream(((VertxInternal) vertx).getEventLoopGroup().spliterator(), false)
            .count();
  }
}
