package io.postern.app;

import static java.util.Map.entry;

import io.postern.auth.DirectoryLoginTest;
import io.postern.auth.directory.LdapDirectoryTest;
import io.postern.limits.AdmissionServiceTest;
import io.postern.store.content.OffHeapCacheTest;
import java.util.Map;

/**
 * Every hot key with the scenario that sees its effect on a running server. The keys are those of
 * the mapping: one that is missing here fails the build ({@link HotKeysListedTest}).
 *
 * <p>To add one: a line here, and a method that opens what the key concerns, calls {@code
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
          entry("mail.tls.engine", HotTls::engine),
          entry("mail.tls.minimum-tls-version", HotTls::minimumVersion),
          entry("mail.imap.enabled", HotListeners::imapEnabled),
          entry("mail.imap.unencrypted-or-tls-bindings", HotListeners::imapBindings),
          entry("mail.imap.ssl-bindings", HotListeners::imapSslBindings),
          entry("mail.imap.banner", HotImap::banner),
          entry("mail.imap.pre-authenticated-connection-timeout", HotTimeouts::imapBeforeLogin),
          entry("mail.imap.authenticated-connection-timeout", HotTimeouts::imapAfterLogin),
          entry("mail.imap.idle-heartbeat", HotTimeouts::imapHeartbeat),
          entry("mail.imap.max-command-size", HotImap::maxCommandSize),
          entry("mail.imap.search-budget", HotImap::searchBudget),
          entry("mail.imap.max-protocol-errors", HotImap::maxProtocolErrors),
          entry("mail.imap.disabled-capabilities", HotImap::disabledCapabilities),
          entry("mail.imap.disabled-capabilities-by-client", HotImap::disabledCapabilitiesByClient),
          entry("mail.imap.literal-minus", HotImap::literalMinus),
          entry("mail.imap.message-limit", HotImap::messageLimit),
          entry("mail.imap.login-type", HotImap::loginType),
          entry("mail.imap.extended-protection-policy", HotImap::extendedProtection),
          entry(
              "mail.imap.message-retrieval-mime-format",
              HotRetrieval.mimeFormat(HotMailProtocol.IMAP)),
          entry(
              "mail.imap.calendar-item-retrieval-option",
              HotRetrieval.calendar(HotMailProtocol.IMAP)),
          entry("mail.imap.owa-server-url", HotRetrieval.owaServerUrl(HotMailProtocol.IMAP)),
          entry(
              "mail.imap.suppress-read-receipt",
              HotRetrieval.suppressReadReceipt(HotMailProtocol.IMAP)),
          entry("mail.pop3.enabled", HotListeners::pop3Enabled),
          entry("mail.pop3.unencrypted-or-tls-bindings", HotListeners::pop3Bindings),
          entry("mail.pop3.ssl-bindings", HotListeners::pop3SslBindings),
          entry("mail.pop3.banner", HotPop3::banner),
          entry("mail.pop3.pre-authenticated-connection-timeout", HotTimeouts::pop3BeforeLogin),
          entry("mail.pop3.authenticated-connection-timeout", HotTimeouts::pop3AfterLogin),
          entry("mail.pop3.max-command-size", HotPop3::maxCommandSize),
          entry("mail.pop3.max-protocol-errors", HotPop3::maxProtocolErrors),
          entry("mail.pop3.message-retrieval-sort-order", HotPop3::sortOrder),
          entry("mail.pop3.login-delay", HotPop3::loginDelay),
          entry("mail.pop3.login-type", HotPop3::loginType),
          entry("mail.pop3.extended-protection-policy", HotPop3::extendedProtection),
          entry(
              "mail.pop3.message-retrieval-mime-format",
              HotRetrieval.mimeFormat(HotMailProtocol.POP3)),
          entry(
              "mail.pop3.calendar-item-retrieval-option",
              HotRetrieval.calendar(HotMailProtocol.POP3)),
          entry("mail.pop3.owa-server-url", HotRetrieval.owaServerUrl(HotMailProtocol.POP3)),
          entry(
              "mail.pop3.suppress-read-receipt",
              HotRetrieval.suppressReadReceipt(HotMailProtocol.POP3)),
          entry("mail.imap.internal-connection-settings", HotSettingsPage::imapInternal),
          entry("mail.imap.external-connection-settings", HotSettingsPage::imapExternal),
          entry("mail.pop3.internal-connection-settings", HotSettingsPage::pop3Internal),
          entry("mail.pop3.external-connection-settings", HotSettingsPage::pop3External),
          entry("mail.smtp.advertised-settings", HotSettingsPage::smtp),
          entry("mail.settings-page.bindings", HotSettingsPage::bindings),
          entry("mail.settings-page.ssl-bindings", HotSettingsPage::sslBindings),
          entry("mail.settings-page.domains", HotSettingsPage::domains),
          entry("mail.settings-page.show-internal-settings", HotSettingsPage::showInternal),
          entry("mail.settings-page.requests-per-minute", HotSettingsPage::requestsPerMinute),
          entry("mail.lmtp.enabled", HotListeners::lmtpEnabled),
          entry("mail.lmtp.bindings", HotListeners::lmtpBindings),
          entry("mail.lmtp.trusted-networks", HotLmtp::trustedNetworks),
          entry("mail.lmtp.require-tls", HotLmtp::requireTls),
          entry("mail.lmtp.require-client-certificate", HotAuth::lmtpCertificate),
          entry("mail.lmtp.timeout", HotTimeouts::lmtp),
          entry("mail.lmtp.max-recipients", HotLmtp::maxRecipients),
          entry("mail.lmtp.hostname", HotLmtp::hostname),
          entry("mail.lmtp.return-path", HotLmtp::returnPath),
          entry("mail.lmtp.delivered-to", HotLmtp::deliveredTo),
          entry("mail.lmtp.received", HotLmtp::received),
          entry("mail.trace.enabled", HotTraces::enabled),
          entry("mail.trace.endpoint", HotTraces::endpoint),
          entry("mail.trace.one-session-in", HotTraces::oneSessionIn),
          entry("mail.probe.enabled", HotProbe::enabled),
          entry("mail.probe.user", HotProbe::user),
          entry("mail.probe.password-file", HotProbe::passwordFile),
          entry(
              "mail.probe.interval",
              HotScenario.elsewhere(ProbeJobTest.class, "aChangedIntervalHoldsForTheNextProbe")),
          entry(
              "mail.probe.timeout",
              HotScenario.elsewhere(ProbeJobTest.class, "aSilentListenerFailsAfterTheTimeout")),
          entry("mail.push.poll-interval", HotTimeouts::pollInterval),
          entry("mail.retention.deleted-item", HotStore::deletedItem),
          entry("mail.mailbox.max-mailboxes", HotStore::maxMailboxes),
          entry("mail.mailbox.max-subscriptions", HotStore::maxSubscriptions),
          entry("mail.mailbox.max-permissions", HotStore::maxPermissions),
          entry("mail.mailbox.share-with-anyone", HotStore::shareWithAnyone),
          entry("mail.mailbox.max-annotations", HotStore::maxAnnotations),
          entry("mail.mailbox.max-annotation-size", HotStore::maxAnnotationSize),
          entry("mail.mailbox.max-annotation-storage", HotStore::maxAnnotationStorage),
          entry("mail.mailbox.issue-warning-quota", HotStore::issueWarningQuota),
          entry("mail.mailbox.prohibit-send-quota", HotStore::prohibitSendQuota),
          entry("mail.mailbox.prohibit-send-receive-quota", HotStore::prohibitSendReceiveQuota),
          entry("mail.mailbox.max-messages", HotStore::maxMessages),
          entry("mail.retention.mailbox", HotStore::mailbox),
          entry("mail.retention.audit", HotStore::audit),
          entry("mail.auth.default-domain", HotImap::defaultDomain),
          entry("mail.auth.blocked-users", HotAuth::blockedUsers),
          entry("mail.auth.windows-domains", HotAuth::windowsDomains),
          entry("mail.auth.certificates.enabled", HotAuth::certificates),
          entry("mail.auth.certificates.user-field", HotAuth::userField),
          entry("mail.auth.gssapi.enabled", HotAuth::tickets),
          entry("mail.auth.gssapi.keytab", HotAuth::keytab),
          entry("mail.auth.oauth2.issuer", HotTokens::issuer),
          entry("mail.auth.oauth2.audience", HotTokens::audience),
          entry("mail.auth.oauth2.jwks", HotTokens::jwks),
          entry("mail.auth.oauth2.jwks-refresh", HotTokens::jwksRefresh),
          entry("mail.auth.oauth2.user-claim", HotTokens::userClaim),
          entry("mail.auth.oauth2.require-at-jwt", HotTokens::requireAtJwt),
          entry("mail.auth.oauth2.clock-skew", HotTokens::clockSkew),
          entry(
              "mail.auth.directory.servers", directory("anotherServerIsUsedWhileOneDoesNotAnswer")),
          entry("mail.auth.directory.encryption", directory("aTrustedCertificateIsRequired")),
          entry(
              "mail.auth.directory.trusted-certificates",
              directory("aTrustedCertificateIsRequired")),
          entry("mail.auth.directory.bind-dn", directory("changedSettingsHoldForTheNextLogin")),
          entry(
              "mail.auth.directory.bind-password-file",
              directory("aReaderThatIsRefusedIsNoWrongPassword")),
          entry("mail.auth.directory.base-dn", directory("changedSettingsHoldForTheNextLogin")),
          entry("mail.auth.directory.filter", directory("anAttributeNamesTheAccount")),
          entry("mail.auth.directory.account-attribute", directory("anAttributeNamesTheAccount")),
          entry("mail.auth.directory.domains", directory("onlyUsersOfItsDomainsAreInIt")),
          entry(
              "mail.auth.directory.max-connections",
              directory("changedSettingsHoldForTheNextLogin")),
          entry(
              "mail.auth.directory.timeout",
              directory("aDirectoryThatSaysNothingIsGivenUpAfterTheTimeout")),
          entry("mail.auth.directory.cache", directory("withoutACacheEachLoginIsAsked")),
          entry(
              "mail.auth.directory.create-accounts",
              provisioning("theFirstLoginCreatesTheAccountIfThatIsSet")),
          entry(
              "mail.auth.directory.mailbox-plan",
              provisioning("aCreatedAccountHasTheMailboxPlanOfTheSettings")),
          entry(
              "mail.auth.directory.created-accounts-per-minute",
              provisioning("noMoreAccountsAreCreatedInAMinuteThanAllowed")),
          entry("mail.guard.enabled", HotGuard::enabled),
          entry("mail.guard.allowed-networks", HotGuard::allowedNetworks),
          entry("mail.guard.delay-after", HotGuard::delayAfter),
          entry("mail.guard.first-delay", HotGuard::firstDelay),
          entry("mail.guard.longest-delay", HotGuard::longestDelay),
          entry("mail.guard.ban-account-after", HotGuard::banAccountAfter),
          entry("mail.guard.ban-network-after", HotGuard::banNetworkAfter),
          entry("mail.guard.within", HotGuard::within),
          entry("mail.guard.ban-for", HotGuard::banFor),
          entry(
              "mail.guard.account-at-once",
              HotScenario.elsewhere(
                  AdmissionServiceTest.class,
                  "aChangedNumberOfAttemptsOfAnAccountAtOnceHoldsForTheNext")),
          entry(
              "mail.guard.network-at-once",
              HotScenario.elsewhere(
                  AdmissionServiceTest.class,
                  "aChangedNumberOfAttemptsOfANetworkAtOnceHoldsForTheNext")),
          entry(
              "mail.store.content-cache-size",
              HotScenario.elsewhere(OffHeapCacheTest.class, "aLowerLimitHoldsFromTheNextEntryOn")),
          entry("mail.access-rules", HotProxyProtocol::accessRules),
          entry("mail.proxy-protocol.trusted-networks", HotProxyProtocol::trustedNetworks),
          entry("mail.log.format", HotLogs::format),
          entry("mail.log.session-summary", HotLogs::summary),
          entry("mail.imap.protocol-log-enabled", HotLimits.imap(HotLogs::commands)),
          entry("mail.imap.log-file-location", HotLimits.imap(HotProtocolLog::location)),
          entry("mail.imap.log-format", HotLimits.imap(HotProtocolLog::format)),
          entry("mail.imap.log-per-file-size-quota", HotLimits.imap(HotProtocolLog::perFileQuota)),
          entry("mail.imap.log-file-roll-over-settings", HotLimits.imap(HotProtocolLog::rollOver)),
          entry("mail.imap.log-age-quota", HotProtocolLog.AGE),
          entry("mail.imap.log-size-quota", HotProtocolLog.SIZE),
          entry(
              "mail.imap.proxy-unencrypted-or-tls-bindings",
              HotLimits.imap(HotProxyProtocol::bindings)),
          entry("mail.imap.proxy-ssl-bindings", HotLimits.imap(HotProxyProtocol::sslBindings)),
          entry("mail.imap.max-connections", HotLimits.imap(HotLimits::connections)),
          entry("mail.imap.max-connection-from-single-ip", HotLimits.imap(HotLimits::ofOneAddress)),
          entry("mail.imap.max-connections-per-user", HotLimits.imap(HotLimits::ofOneUser)),
          entry(
              "mail.imap.max-pre-authenticated-connections", HotLimits.imap(HotLimits::strangers)),
          entry(
              "mail.imap.max-pre-authenticated-connections-from-single-ip",
              HotLimits.imap(HotLimits::unauthenticatedOfOneAddress)),
          entry("mail.imap.displace-silent-after", HotLimits.imap(HotLimits::eviction)),
          entry("mail.imap.throttle.max-burst", HotLimits.imap(HotThrottle::maxBurst)),
          entry("mail.imap.throttle.recharge-rate", HotLimits.imap(HotThrottle::rechargeRate)),
          entry("mail.imap.throttle.cutoff-balance", HotLimits.imap(HotThrottle::cutoffBalance)),
          entry("mail.imap.throttle.longest-wait", HotLimits.imap(HotThrottle::longestWait)),
          entry("mail.pop3.protocol-log-enabled", HotLimits.pop3(HotLogs::commands)),
          entry("mail.pop3.log-file-location", HotLimits.pop3(HotProtocolLog::location)),
          entry("mail.pop3.log-format", HotLimits.pop3(HotProtocolLog::format)),
          entry("mail.pop3.log-per-file-size-quota", HotLimits.pop3(HotProtocolLog::perFileQuota)),
          entry("mail.pop3.log-file-roll-over-settings", HotLimits.pop3(HotProtocolLog::rollOver)),
          entry("mail.pop3.log-age-quota", HotProtocolLog.AGE),
          entry("mail.pop3.log-size-quota", HotProtocolLog.SIZE),
          entry(
              "mail.pop3.proxy-unencrypted-or-tls-bindings",
              HotLimits.pop3(HotProxyProtocol::bindings)),
          entry("mail.pop3.proxy-ssl-bindings", HotLimits.pop3(HotProxyProtocol::sslBindings)),
          entry("mail.pop3.max-connections", HotLimits.pop3(HotLimits::connections)),
          entry("mail.pop3.max-connection-from-single-ip", HotLimits.pop3(HotLimits::ofOneAddress)),
          entry("mail.pop3.max-connections-per-user", HotLimits.pop3(HotLimits::ofOneUser)),
          entry(
              "mail.pop3.max-pre-authenticated-connections", HotLimits.pop3(HotLimits::strangers)),
          entry(
              "mail.pop3.max-pre-authenticated-connections-from-single-ip",
              HotLimits.pop3(HotLimits::unauthenticatedOfOneAddress)),
          entry("mail.pop3.displace-silent-after", HotLimits.pop3(HotLimits::eviction)),
          entry("mail.pop3.throttle.max-burst", HotLimits.pop3(HotThrottle::maxBurst)),
          entry("mail.pop3.throttle.recharge-rate", HotLimits.pop3(HotThrottle::rechargeRate)),
          entry("mail.pop3.throttle.cutoff-balance", HotLimits.pop3(HotThrottle::cutoffBalance)),
          entry("mail.pop3.throttle.longest-wait", HotLimits.pop3(HotThrottle::longestWait)),
          entry("mail.drain.spread", HotListeners::drainSpread),
          entry("mail.drain.last-command", HotListeners::drainLastCommand));

  private static HotScenario provisioning(String method) {
    return HotScenario.elsewhere(DirectoryLoginTest.class, method);
  }

  private static HotScenario directory(String method) {
    return HotScenario.elsewhere(LdapDirectoryTest.class, method);
  }
}
