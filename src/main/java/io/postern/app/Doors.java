package io.postern.app;

import io.postern.config.Endpoint;
import io.postern.config.LimitSettings;
import io.postern.config.Live;
import io.postern.imap.session.ImapProtocol;
import io.postern.lmtp.LmtpProtocol;
import io.postern.pop3.Pop3Protocol;
import io.postern.wire.Listener;
import io.postern.wire.Listener.Binding;
import io.postern.wire.Listener.Tls;
import io.postern.wire.Protocol;
import io.postern.wire.Sessions;
import io.postern.wire.Wheel;
import io.postern.wire.WireLimits;
import io.postern.wire.door.Doorman;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.impl.VertxInternal;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/** Makes the listeners that the settings of now ask for. */
@Singleton
final class Doors {
  /** RFC 5321 §4.5.3.1.4 asks for 512 octets; SMTPUTF8 and parameters want more. */
  private static final int LMTP_LINE = 4_096;

  private final Vertx vertx;
  private final Live live;
  private final ImapProtocol imap;
  private final Pop3Protocol pop3;
  private final LmtpProtocol lmtp;
  private final Sessions sessions;
  private final TlsConfigurationRegistry certificates;
  private final Doorman doorman;

  Doors(
      Vertx vertx,
      Live live,
      ImapProtocol imap,
      Pop3Protocol pop3,
      LmtpProtocol lmtp,
      Sessions sessions,
      TlsConfigurationRegistry certificates,
      Doorman doorman) {
    this.vertx = vertx;
    this.live = live;
    this.imap = imap;
    this.pop3 = pop3;
    this.lmtp = lmtp;
    this.sessions = sessions;
    this.certificates = certificates;
    this.doorman = doorman;
  }

  /** A listener for each place, in the order in which they are to be opened. */
  List<Listener> made() {
    var wheels = Wheel.spread(vertx, eventLoops());
    var listeners = new ArrayList<Listener>();
    var settings = live.now();
    if (settings.imap().enabled()) {
      listeners.addAll(imap(wheels));
    }
    if (settings.pop3().enabled()) {
      listeners.addAll(pop3(wheels));
    }
    if (settings.lmtp().enabled()) {
      listeners.addAll(lmtp(wheels));
    }
    return listeners;
  }

  private List<Listener> imap(List<Wheel> wheels) {
    var listeners = new ArrayList<Listener>();
    Supplier<WireLimits> limits =
        () -> WireLimits.ofLine((int) live.now().imap().maxCommandSize().asLongValue());
    var tls = new MailTls(certificates, ClientAuth.NONE);
    for (var place : live.now().imap().unencryptedOrTlsBindings()) {
      listeners.add(listener(wheels, binding(place, Tls.STARTTLS), tls, imap, limits));
    }
    for (var place : live.now().imap().sslBindings()) {
      listeners.add(listener(wheels, binding(place, Tls.IMPLICIT), tls, imap, limits));
    }
    for (var place : proxied(live.now().imap())) {
      listeners.add(listener(wheels, place, tls, imap, limits));
    }
    return listeners;
  }

  private List<Listener> lmtp(List<Wheel> wheels) {
    var settings = live.now().lmtp();
    boolean asked = settings.requireClientCertificate();
    var tls = new MailTls(certificates, asked ? ClientAuth.REQUIRED : ClientAuth.NONE);
    // Without it every message would bounce: 530 is for good.
    if ((asked || settings.requireTls()) && !tls.present()) {
      throw new IllegalStateException(
          "mail.lmtp.require-tls or mail.lmtp.require-client-certificate is true, but there is no"
              + " certificate; set quarkus.tls.mail.key-store.pem.0.cert and .key");
    }
    if (asked && !tls.trusts()) {
      throw new IllegalStateException(
          "mail.lmtp.require-client-certificate is true, but nobody is trusted: set"
              + " quarkus.tls.mail.trust-store.pem.certs");
    }
    Supplier<WireLimits> limits = () -> WireLimits.ofLine(LMTP_LINE);
    var listeners = new ArrayList<Listener>();
    for (var place : settings.bindings()) {
      listeners.add(listener(wheels, binding(place, Tls.STARTTLS), tls, lmtp, limits));
    }
    return listeners;
  }

  private List<Listener> pop3(List<Wheel> wheels) {
    var listeners = new ArrayList<Listener>();
    Supplier<WireLimits> limits = () -> WireLimits.ofLine(Pop3Protocol.LINE);
    var tls = new MailTls(certificates, ClientAuth.NONE);
    for (var place : live.now().pop3().unencryptedOrTlsBindings()) {
      listeners.add(listener(wheels, binding(place, Tls.STARTTLS), tls, pop3, limits));
    }
    for (var place : live.now().pop3().sslBindings()) {
      listeners.add(listener(wheels, binding(place, Tls.IMPLICIT), tls, pop3, limits));
    }
    for (var place : proxied(live.now().pop3())) {
      listeners.add(listener(wheels, place, tls, pop3, limits));
    }
    return listeners;
  }

  private Listener listener(
      List<Wheel> wheels,
      Binding binding,
      MailTls tls,
      Protocol protocol,
      Supplier<WireLimits> limits) {
    if (binding.tls() == Tls.IMPLICIT && !tls.present()) {
      throw new IllegalStateException(
          protocol.name()
              + " cannot begin with TLS on "
              + binding.host()
              + ":"
              + binding.port()
              + ": there is no certificate; set quarkus.tls.mail.key-store.pem.0.cert and .key");
    }
    return new Listener(vertx, wheels, binding, tls, protocol, limits, sessions, doorman);
  }

  /** Where load balancers come. */
  private static List<Binding> proxied(LimitSettings settings) {
    var bindings = new ArrayList<Binding>();
    settings
        .proxyUnencryptedOrTlsBindings()
        .ifPresent(all -> all.forEach(it -> bindings.add(proxied(it, Tls.STARTTLS))));
    settings
        .proxySslBindings()
        .ifPresent(all -> all.forEach(it -> bindings.add(proxied(it, Tls.IMPLICIT))));
    return bindings;
  }

  private static Binding proxied(String place, Tls tls) {
    var endpoint = Endpoint.parse(place);
    return new Binding(endpoint.host(), endpoint.port(), tls, true);
  }

  private static Binding binding(String place, Tls tls) {
    var endpoint = Endpoint.parse(place);
    return new Binding(endpoint.host(), endpoint.port(), tls);
  }

  private int eventLoops() {
    return (int)
        StreamSupport.stream(((VertxInternal) vertx).getEventLoopGroup().spliterator(), false)
            .count();
  }
}
