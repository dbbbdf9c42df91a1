package io.postern.observe.probe;

import java.util.Locale;

/** What a probe tries. Exchange: the probes of the health sets IMAP and POP. */
public enum HealthSet {
  /** A listener greets, and announces its capabilities. Exchange: ImapSelfTestProbe. */
  SELF_TEST,
  /** A login, and a message read through the store. Exchange: ImapDeepTestProbe. */
  DEEP_TEST,
  /** The same on the port for TLS, as customers connect. Exchange: ImapCTPProbe. */
  CTP;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** Its name in meters and health groups. */
  public String label() {
    return label;
  }
}
