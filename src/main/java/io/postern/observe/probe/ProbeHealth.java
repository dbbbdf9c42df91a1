package io.postern.observe.probe;

import io.postern.model.MailProtocol;
import io.smallrye.health.api.HealthGroup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * The results of probes as health groups: {@code /q/health/group/imap} and {@code pop3} for all,
 * and one for each probe, such as {@code imap.deep-test}. A probe that is off, or was not made, is
 * up; {@code state} says so.
 */
final class ProbeHealth {
  private static final String STATE = "state";

  private final ProbeResults results;

  ProbeHealth(ProbeResults results) {
    this.results = results;
  }

  @Produces
  @Singleton
  @HealthGroup("imap")
  @HealthGroup("imap.self-test")
  HealthCheck imapSelfTest() {
    return () -> response(MailProtocol.IMAP, HealthSet.SELF_TEST);
  }

  @Produces
  @Singleton
  @HealthGroup("imap")
  @HealthGroup("imap.deep-test")
  HealthCheck imapDeepTest() {
    return () -> response(MailProtocol.IMAP, HealthSet.DEEP_TEST);
  }

  @Produces
  @Singleton
  @HealthGroup("imap")
  @HealthGroup("imap.ctp")
  HealthCheck imapCtp() {
    return () -> response(MailProtocol.IMAP, HealthSet.CTP);
  }

  @Produces
  @Singleton
  @HealthGroup("imap")
  @HealthGroup("imap.proxy-test")
  HealthCheck imapProxyTest() {
    return () -> proxyTest(MailProtocol.IMAP);
  }

  @Produces
  @Singleton
  @HealthGroup("pop3")
  @HealthGroup("pop3.self-test")
  HealthCheck pop3SelfTest() {
    return () -> response(MailProtocol.POP3, HealthSet.SELF_TEST);
  }

  @Produces
  @Singleton
  @HealthGroup("pop3")
  @HealthGroup("pop3.deep-test")
  HealthCheck pop3DeepTest() {
    return () -> response(MailProtocol.POP3, HealthSet.DEEP_TEST);
  }

  @Produces
  @Singleton
  @HealthGroup("pop3")
  @HealthGroup("pop3.ctp")
  HealthCheck pop3Ctp() {
    return () -> response(MailProtocol.POP3, HealthSet.CTP);
  }

  @Produces
  @Singleton
  @HealthGroup("pop3")
  @HealthGroup("pop3.proxy-test")
  HealthCheck pop3ProxyTest() {
    return () -> proxyTest(MailProtocol.POP3);
  }

  private HealthCheckResponse response(MailProtocol protocol, HealthSet set) {
    var response = HealthCheckResponse.named(protocol.label() + " " + set.label());
    var last = results.last(protocol, set);
    if (last.isEmpty()) {
      var state = results.enabled() ? "not made yet" : "off: mail.probe.enabled is false";
      return response.up().withData(STATE, state).build();
    }
    var result = last.get();
    response
        .status(!result.failed())
        .withData(STATE, result.failed() ? "failed" : result.made() ? "ok" : "not made")
        .withData("latency-millis", result.latency().toMillis())
        .withData("at", result.at().toString());
    result.error().ifPresent(why -> response.withData("error", why));
    return response.build();
  }

  /** No session is handed over to another site. */
  private static HealthCheckResponse proxyTest(MailProtocol protocol) {
    return HealthCheckResponse.named(protocol.label() + " proxy-test")
        .up()
        .withData(STATE, "not applicable: there is one site")
        .build();
  }
}
