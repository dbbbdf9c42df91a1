package io.postern.admin.settingspage;

import io.postern.admin.settingspage.format.MailAddress;
import io.postern.config.LiveSettings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The mail domains whose settings are shown.
 *
 * @param served in lower case; empty for every domain
 * @param standard the domain of login names without one, if there is such
 */
record Domains(List<String> served, Optional<String> standard) {
  /** Host names under which mail programs look for the settings of a domain. */
  private static final List<String> PREFIXES =
      List.of("autoconfig.", "autodiscover.", "ua-auto-config.");

  Domains {
    served = List.copyOf(served);
  }

  static Domains of(LiveSettings now) {
    var served = now.settingsPage().domains().orElse(List.of());
    return new Domains(
        served.stream().map(it -> it.strip().toLowerCase(Locale.ROOT)).toList(),
        now.auth().defaultDomain().flatMap(MailAddress::domain));
  }

  boolean serves(String domain) {
    return served.isEmpty() || served.contains(domain);
  }

  /**
   * The domain that a request means which names no address: that of its host, or the first one of
   * the settings.
   *
   * @param host the value of {@code Host}, with or without a port
   */
  String ofHost(Optional<String> host) {
    var named = host.flatMap(Domains::name);
    var prefixed = named.flatMap(Domains::withoutPrefix);
    var candidates = Stream.of(prefixed, named).flatMap(Optional::stream);
    return served.isEmpty()
        ? prefixed.or(() -> standard).or(() -> named).orElse("localhost")
        : candidates.filter(served::contains).findFirst().orElse(served.getFirst());
  }

  private static Optional<String> withoutPrefix(String host) {
    return PREFIXES.stream()
        .filter(host::startsWith)
        .map(prefix -> host.substring(prefix.length()))
        .findFirst();
  }

  /** The name in the value of {@code Host}, in lower case; empty when it is not one. */
  static Optional<String> name(String host) {
    return MailAddress.domain(host.replaceFirst(":[0-9]{1,5}$", ""));
  }
}
