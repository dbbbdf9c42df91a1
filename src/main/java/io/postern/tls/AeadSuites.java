package io.postern.tls;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The offered cipher suites: those with authenticated encryption and forward secrecy (RFC 9325
 * §4.2), in order of preference.
 */
final class AeadSuites {
  /** RFC 8446 §B.4. */
  private static final List<String> TLS_1_3 =
      List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");

  /** RFC 5289 §3.2, RFC 7905 §2. */
  private static final List<String> TLS_1_2 =
      List.of(
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private AeadSuites() {}

  /**
   * The suites that a server with these settings offers, for all versions.
   *
   * @param chosen by an administrator; empty for all
   * @throws IllegalArgumentException when none of the chosen suites is offered
   */
  static List<String> of(Set<String> chosen) {
    var all = Stream.concat(TLS_1_3.stream(), TLS_1_2.stream());
    var offered = all.filter(it -> chosen.isEmpty() || chosen.contains(it)).toList();
    if (offered.isEmpty()) {
      throw new IllegalArgumentException("none of the cipher suites has authenticated encryption");
    }
    return offered;
  }
}
