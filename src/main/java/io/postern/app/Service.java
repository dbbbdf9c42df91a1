package io.postern.app;

import io.postern.config.LiveSettings;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A mail service, one per protocol. */
enum Service {
  IMAP,
  POP3,
  LMTP;

  /** Its name in the protocol and in settings. */
  String named() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The service of that name. */
  static Optional<Service> of(String name) {
    return Arrays.stream(values()).filter(service -> service.named().equals(name)).findFirst();
  }

  /** Whether it is enabled. */
  boolean enabled(LiveSettings settings) {
    return switch (this) {
      case IMAP -> settings.imap().enabled();
      case POP3 -> settings.pop3().enabled();
      case LMTP -> settings.lmtp().enabled();
    };
  }
}
