package io.postern.app;

import io.postern.config.LiveSettings;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What is spoken to clients. */
enum Service {
  IMAP,
  POP3,
  LMTP;

  /** As it is called on the wire and in settings. */
  String named() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of that name. */
  static Optional<Service> of(String name) {
    return Arrays.stream(values()).filter(service -> service.named().equals(name)).findFirst();
  }

  /** Whether it is switched on. */
  boolean enabled(LiveSettings settings) {
    return switch (this) {
      case IMAP -> settings.imap().enabled();
      case POP3 -> settings.pop3().enabled();
      case LMTP -> settings.lmtp().enabled();
    };
  }
}
