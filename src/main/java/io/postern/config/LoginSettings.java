package io.postern.config;

import io.smallrye.config.WithDefault;

/** What a protocol asks of those who log in; part of {@code mail.imap} and {@code mail.pop3}. */
public interface LoginSettings {
  /** What may be said before TLS. Exchange: LoginType. */
  @WithDefault("secure-login")
  LoginType loginType();

  /**
   * Whether a login is tied to the TLS session it is made in (channel binding). Exchange:
   * ExtendedProtectionPolicy.
   */
  @WithDefault("none")
  ExtendedProtection extendedProtectionPolicy();

  /** The keys with their bounds. */
  static void declare(String area, LoginSettings now, Keys keys) {
    keys.choice(area + ".login-type", now.loginType());
    keys.choice(area + ".extended-protection-policy", now.extendedProtectionPolicy());
  }

  /** How a login may begin, from the least to the most careful. */
  enum LoginType {
    /** A password may be given as it is, with TLS or without. */
    PLAIN_TEXT_LOGIN,
    /** Without TLS only what keeps the password unseen: SCRAM, GSSAPI. */
    PLAIN_TEXT_AUTHENTICATION,
    /** TLS comes first. */
    SECURE_LOGIN
  }

  /** Channel binding. */
  enum ExtendedProtection {
    /** Neither offered nor taken. */
    NONE,
    /** Offered; who can bind, does, and is held to it. */
    ALLOW,
    /** No other mechanism is taken, and no password as it is. */
    REQUIRE
  }
}
