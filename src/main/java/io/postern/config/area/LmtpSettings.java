package io.postern.config.area;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** LMTP (RFC 2033). */
public interface LmtpSettings {
  /** Whether the service runs; it cannot be enabled without a binding. */
  @WithDefault("false")
  boolean enabled();

  /** Where to listen, {@code address:port}; empty for nowhere. */
  @WithDefault("0.0.0.0:24")
  Optional<List<String>> bindings();

  /** The networks from which mail is accepted, in CIDR notation. */
  @WithDefault("127.0.0.0/8,::1/128")
  List<String> trustedNetworks();

  /** Whether STARTTLS must precede MAIL. */
  @WithDefault("false")
  boolean requireTls();

  /** Whether the peer needs a certificate that the TLS configuration's trust store accepts. */
  @WithDefault("false")
  boolean requireClientCertificate();

  /** Silence after which a session is closed; 30 s to 1 h (RFC 5321 §4.5.3.2 advises 5 min). */
  @WithDefault("PT5M")
  Duration timeout();

  /** The most recipients of one message; 100 to 10,000 (RFC 5321 §4.5.3.1.8). */
  @WithDefault("1000")
  int maxRecipients();

  /** The host name in the greeting; the machine's own when not set. */
  Optional<String> hostname();

  /**
   * Whether delivery adds a Return-Path line with the sender at the top of a message, in place of
   * any that it already has (RFC 5321 §4.4).
   */
  @WithDefault("true")
  boolean returnPath();

  /**
   * Whether delivery adds a Delivered-To line with the recipient's address (RFC 9228). Switch it on
   * only when all replicas have a version with this setting: older ones cannot read what is then
   * stored for several recipients.
   */
  @WithDefault("false")
  boolean deliveredTo();

  /** Whether delivery adds a Received line that names the peer and this server. */
  @WithDefault("false")
  boolean received();

  /** Declares the keys with their bounds. */
  static void declare(LmtpSettings now, Keys keys) {
    keys.flag("mail.lmtp.enabled", now.enabled());
    keys.endpoints("mail.lmtp.bindings", now.bindings());
    keys.requireEndpoint("mail.lmtp", now.enabled(), "mail.lmtp.bindings", List.of(now.bindings()));
    keys.networks("mail.lmtp.trusted-networks", now.trustedNetworks());
    keys.flag("mail.lmtp.require-tls", now.requireTls());
    keys.flag("mail.lmtp.require-client-certificate", now.requireClientCertificate());
    keys.duration("mail.lmtp.timeout", now.timeout(), Duration.ofSeconds(30), Duration.ofHours(1));
    keys.count("mail.lmtp.max-recipients", now.maxRecipients(), 100, 10_000);
    keys.matching(
        "mail.lmtp.hostname",
        now.hostname(),
        "[A-Za-z0-9.:_\\[\\]-]{1,255}",
        "a host's name in ASCII");
    keys.flag("mail.lmtp.return-path", now.returnPath());
    keys.flag("mail.lmtp.delivered-to", now.deliveredTo());
    keys.flag("mail.lmtp.received", now.received());
  }
}
