package io.postern.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The mail protocols that the server speaks. */
public enum MailProtocol {
  /** Internet Message Access Protocol (RFC 3501, RFC 9051). */
  IMAP,
  /** Post Office Protocol, version 3 (RFC 1939). */
  POP3,
  /** Local Mail Transfer Protocol (RFC 2033). */
  LMTP;

  private final String label = name().toLowerCase(Locale.ROOT);

  /**
   * Its name in settings, the admin API, meters and logs: {@code imap}, {@code pop3}, {@code lmtp}.
   */
  public String label() {
    return label;
  }

  /** The protocol of that label. */
  public static Optional<MailProtocol> of(String label) {
    return Arrays.stream(values()).filter(protocol -> protocol.label.equals(label)).findFirst();
  }

  @Override
  public String toString() {
    return label;
  }
}
