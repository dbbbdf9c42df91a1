package io.postern.app;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;

/**
 * Every hot key with the scenario that sees its effect on a running server. The keys are those of
 * the mapping: one that is missing here fails the build ({@link HotKeysListedTest}).
 *
 * <p>To add one: a line here, and a method that opens what the key concerns, says {@code
 * stage.set(key, value)}, and sees the effect without connecting anew, unless the key is about new
 * connections. {@code set} mounts the files as Kubernetes does and returns when they are in force;
 * what it does not name has its value of tests again. If it cannot be seen within half a minute on
 * this server, another test shows it: {@link HotScenario#elsewhere}.
 */
final class HotKeys {
  private HotKeys() {}

  static final Map<String, HotScenario> ALL =
      Map.ofEntries(
          entry("mail.max-receive-size", HotImap::maxReceiveSize),
          entry("mail.imap.enabled", HotPlaces::imapEnabled),
          entry("mail.imap.unencrypted-or-tls-bindings", HotPlaces::imapBindings),
          entry("mail.imap.ssl-bindings", HotPlaces::imapSslBindings),
          entry("mail.imap.banner", HotImap::banner),
          entry("mail.imap.pre-authenticated-connection-timeout", HotSilence::imapBeforeLogin),
          entry("mail.imap.authenticated-connection-timeout", HotSilence::imapAfterLogin),
          entry("mail.imap.idle-heartbeat", HotSilence::imapHeartbeat),
          entry("mail.imap.max-command-size", HotImap::maxCommandSize),
          entry("mail.imap.max-protocol-errors", HotImap::maxProtocolErrors),
          entry("mail.imap.login-type", HotImap::loginType),
          entry("mail.imap.extended-protection-policy", HotImap::extendedProtection),
          entry("mail.pop3.enabled", HotPlaces::pop3Enabled),
          entry("mail.pop3.unencrypted-or-tls-bindings", HotPlaces::pop3Bindings),
          entry("mail.pop3.ssl-bindings", HotPlaces::pop3SslBindings),
          entry("mail.pop3.banner", HotPop3::banner),
          entry("mail.pop3.pre-authenticated-connection-timeout", HotSilence::pop3BeforeLogin),
          entry("mail.pop3.authenticated-connection-timeout", HotSilence::pop3AfterLogin),
          entry("mail.pop3.max-command-size", HotPop3::maxCommandSize),
          entry("mail.pop3.max-protocol-errors", HotPop3::maxProtocolErrors),
          entry("mail.pop3.message-retrieval-sort-order", HotPop3::sortOrder),
          entry("mail.pop3.login-delay", HotPop3::loginDelay),
          entry("mail.pop3.login-type", HotPop3::loginType),
          entry("mail.pop3.extended-protection-policy", HotPop3::extendedProtection),
          entry("mail.lmtp.enabled", HotPlaces::lmtpEnabled),
          entry("mail.lmtp.bindings", HotPlaces::lmtpBindings),
          entry("mail.lmtp.trusted-networks", HotLmtp::trustedNetworks),
          entry("mail.lmtp.require-tls", HotLmtp::requireTls),
          entry("mail.lmtp.require-client-certificate", HotLmtp::requireClientCertificate),
          entry("mail.lmtp.timeout", HotSilence::lmtp),
          entry("mail.lmtp.max-recipients", HotLmtp::maxRecipients),
          entry("mail.lmtp.hostname", HotLmtp::hostname),
          entry("mail.trace.enabled", HotTraces::enabled),
          entry("mail.trace.endpoint", HotTraces::endpoint),
          entry("mail.trace.one-session-in", HotTraces::oneSessionIn),
          entry("mail.push.poll-interval", HotSilence::pollInterval),
          entry("mail.retention.deleted-item", HotStore::deletedItem),
          entry("mail.auth.default-domain", HotImap::defaultDomain),
          entry("mail.drain.spread", HotPlaces::drainSpread),
          entry("mail.drain.last-command", HotPlaces::drainLastCommand));

  /** No scenario yet: a debt, to be paid by who made the key. */
  static final Set<String> AWAITED =
      Set.of(
          "mail.access-rules",
          "mail.auth.blocked-users",
          "mail.auth.certificates.enabled",
          "mail.auth.certificates.user-field",
          "mail.auth.gssapi.enabled",
          "mail.auth.gssapi.keytab",
          "mail.auth.oauth2.issuer",
          "mail.auth.oauth2.audience",
          "mail.auth.oauth2.jwks",
          "mail.auth.oauth2.jwks-refresh",
          "mail.auth.oauth2.user-claim",
          "mail.auth.oauth2.clock-skew",
          "mail.auth.windows-domains",
          "mail.proxy-protocol.trusted-networks",
          "mail.guard.enabled",
          "mail.guard.allowed-networks",
          "mail.guard.delay-after",
          "mail.guard.first-delay",
          "mail.guard.longest-delay",
          "mail.guard.ban-account-after",
          "mail.guard.ban-network-after",
          "mail.guard.within",
          "mail.guard.ban-for",
          "mail.guard.account-at-once",
          "mail.guard.network-at-once",
          "mail.log.format",
          "mail.log.session-summary",
          "mail.imap.protocol-log-enabled",
          "mail.pop3.protocol-log-enabled",
          "mail.imap.proxy-unencrypted-or-tls-bindings",
          "mail.imap.proxy-ssl-bindings",
          "mail.imap.max-connections",
          "mail.imap.max-connection-from-single-ip",
          "mail.imap.max-connections-per-user",
          "mail.imap.max-pre-authenticated-connections",
          "mail.imap.displace-silent-after",
          "mail.imap.throttle.max-burst",
          "mail.imap.throttle.recharge-rate",
          "mail.imap.throttle.cutoff-balance",
          "mail.imap.throttle.longest-wait",
          "mail.pop3.proxy-unencrypted-or-tls-bindings",
          "mail.pop3.proxy-ssl-bindings",
          "mail.pop3.max-connections",
          "mail.pop3.max-connection-from-single-ip",
          "mail.pop3.max-connections-per-user",
          "mail.pop3.max-pre-authenticated-connections",
          "mail.pop3.displace-silent-after",
          "mail.pop3.throttle.max-burst",
          "mail.pop3.throttle.recharge-rate",
          "mail.pop3.throttle.cutoff-balance",
          "mail.pop3.throttle.longest-wait");
}
