package io.postern.tls;

import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a listener, and their keys, which can be replaced while clients perform
 * handshakes: each handshake uses the old ones or the new ones, and none fails. With the JDK's
 * engine resumed sessions keep the certificate of the handshake that they began with; with
 * OpenSSL's a session of before a renewal is not resumed.
 */
public final class ReloadableCertificates extends X509ExtendedKeyManager {
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "RSASSA-PSS", "EdDSA");

  /** RFC 5280 §4.2.1.6: the number of dNSName among the kinds of names. */
  private static final int DNS_NAME = 2;

  private record Shown(String alias, String algorithm, Set<String> hosts) {}

  private record Keys(
      int number, boolean byHost, X509KeyManager held, List<Shown> all, String fingerprint) {
    boolean hasOtherThan(String algorithm) {
      return all.stream().anyMatch(shown -> !shown.algorithm.equals(algorithm));
    }
  }

  private record Both(Keys now, Keys before) {}

  @Nullable private volatile Both keys;

  /** Whether there is a certificate. */
  public boolean present() {
    return keys != null;
  }

  /**
   * Replaces the certificates. May read files. Fails when they cannot be read; the old ones then
   * stay.
   *
   * @param byHost whether a client that names a host is shown the certificate of that host; else,
   *     and when there is none, all are shown the first
   */
  public void show(Vertx vertx, KeyCertOptions options, boolean byHost) {
    try {
      var managers = options.getKeyManagerFactory(vertx).getKeyManagers();
      var held = (X509KeyManager) managers[0];
      var before = keys;
      int number = before == null ? 0 : before.now.number + 1;
      var all = all(held);
      var next = new Keys(number, byHost, held, all, fingerprint(held, all));
      keys = new Both(next, before == null ? next : before.now);
    } catch (Exception e) {
      throw new IllegalArgumentException("the certificate cannot be shown: " + e.getMessage(), e);
    }
  }

  /** Of the whole chains, in hexadecimal; it changes when any of the certificates does. */
  String fingerprint() {
    var both = keys;
    return both == null ? "" : both.now.fingerprint;
  }

  /** Whether all keys are of these algorithms, as {@link java.security.Key#getAlgorithm} says. */
  boolean areAllOf(Set<String> algorithms) {
    var both = keys;
    return both != null
        && both.now.all.stream().allMatch(shown -> algorithms.contains(shown.algorithm));
  }

  /** What is done with a key and its certificates. */
  @FunctionalInterface
  interface KeyVisitor {
    void visit(PrivateKey key, X509Certificate[] chain) throws SSLException;
  }

  /** Visits all keys, with the certificates of each. */
  void forEach(KeyVisitor visitor) throws SSLException {
    var both = keys;
    if (both != null) {
      for (var shown : both.now.all) {
        var held = both.now.held;
        visitor.visit(held.getPrivateKey(shown.alias), held.getCertificateChain(shown.alias));
      }
    }
  }

  private static String fingerprint(X509KeyManager held, List<Shown> all)
      throws GeneralSecurityException {
    var sha = MessageDigest.getInstance("SHA-256");
    for (var shown : all) {
      for (var certificate : held.getCertificateChain(shown.alias)) {
        sha.update(certificate.getEncoded());
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  /** Sorted by alias, which is the order of the settings. */
  private static List<Shown> all(X509KeyManager held) throws GeneralSecurityException {
    var aliases =
        ALGORITHMS.stream()
            .map(algorithm -> held.getServerAliases(algorithm, null))
            .flatMap(found -> found == null ? Stream.empty() : Arrays.stream(found))
            .distinct()
            .sorted(Comparator.comparingInt(String::length).thenComparing(alias -> alias))
            .toList();
    var all = new ArrayList<Shown>();
    for (var alias : aliases) {
      var first = held.getCertificateChain(alias)[0];
      all.add(new Shown(alias, held.getPrivateKey(alias).getAlgorithm(), hosts(first)));
    }
    if (all.isEmpty()) {
      throw new GeneralSecurityException("there is none with a key");
    }
    return List.copyOf(all);
  }

  /** RFC 6125 §6.4.4: the common name counts when there is no other name. */
  private static Set<String> hosts(X509Certificate certificate) throws GeneralSecurityException {
    var names =
        Optional.ofNullable(certificate.getSubjectAlternativeNames()).stream()
            .flatMap(Collection::stream)
            .filter(name -> name.get(0).equals(DNS_NAME))
            .map(name -> name.get(1).toString())
            .toList();
    return (names.isEmpty() ? commonNames(certificate).stream() : names.stream())
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<String> commonNames(X509Certificate certificate)
      throws GeneralSecurityException {
    try {
      return new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
              .map(rdn -> rdn.getValue().toString())
              .toList();
    } catch (InvalidNameException e) {
      throw new GeneralSecurityException(e);
    }
  }

  @Override
  @Nullable
  public String chooseEngineServerAlias(
      String algorithm, Principal @Nullable [] issuers, SSLEngine engine) {
    var both = keys;
    if (both == null) {
      return null;
    }
    var now = both.now;
    if (now.hasOtherThan(algorithm) && !accepts(engine, algorithm)) {
      return null;
    }
    var asked = now.byHost ? host(engine) : Optional.<String>empty();
    var ofHost =
        asked.stream()
            .flatMap(host -> now.all.stream().filter(shown -> serves(shown.hosts, host)))
            .toList();
    return (ofHost.isEmpty() ? now.all : ofHost)
        .stream()
            .filter(shown -> shown.algorithm.equals(algorithm))
            .findFirst()
            .map(shown -> now.number + "/" + shown.alias)
            .orElse(null);
  }

  /**
   * Whether the client verifies signatures of the algorithm (RFC 8446 §4.2.3). The JDK asks for
   * such algorithms only, OpenSSL for all that the server's cipher suites name.
   */
  private static boolean accepts(SSLEngine engine, String algorithm) {
    if (!algorithm.equals("EC")
        || !TlsEngine.OPENSSL.performed(engine.getHandshakeSession())
        || !(engine.getHandshakeSession() instanceof ExtendedSSLSession session)) {
      return true;
    }
    var signatures = session.getPeerSupportedSignatureAlgorithms();
    // RFC 5246 §7.4.1.4.1: a client that names none accepts the one of its cipher suite.
    return signatures.length == 0
        || Arrays.stream(signatures).anyMatch(name -> name.contains("ECDSA"));
  }

  /** RFC 6125 §6.4.3: an asterisk stands for the whole of the first label. */
  private static boolean serves(Set<String> hosts, String host) {
    int dot = host.indexOf('.');
    return hosts.contains(host) || (dot > 0 && hosts.contains("*" + host.substring(dot)));
  }

  /** RFC 6066 §3: the host that the client requests. */
  private static Optional<String> host(SSLEngine engine) {
    return engine.getHandshakeSession() instanceof ExtendedSSLSession session
        ? session.getRequestedServerNames().stream()
            .filter(name -> name.getType() == StandardConstants.SNI_HOST_NAME)
            .map(name -> new SNIHostName(name.getEncoded()).getAsciiName().toLowerCase(Locale.ROOT))
            .findFirst()
        : Optional.empty();
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return of(alias).map(held -> held.getCertificateChain(bare(alias))).orElse(null);
  }

  @Override
  @Nullable
  public PrivateKey getPrivateKey(String alias) {
    return of(alias).map(held -> held.getPrivateKey(bare(alias))).orElse(null);
  }

  /** A handshake that chose an alias before a renewal asks for its key and chain after it. */
  private Optional<X509KeyManager> of(String alias) {
    var number = alias.substring(0, alias.indexOf('/'));
    return Stream.ofNullable(keys)
        .flatMap(both -> Stream.of(both.now, both.before))
        .filter(some -> Integer.toString(some.number).equals(number))
        .map(Keys::held)
        .findFirst();
  }

  private static String bare(String alias) {
    return alias.substring(alias.indexOf('/') + 1);
  }

  @Override
  @Nullable
  public String chooseServerAlias(
      String algorithm, Principal @Nullable [] issuers, @Nullable Socket socket) {
    throw new UnsupportedOperationException("servers here have engines");
  }

  @Override
  public String @Nullable [] getServerAliases(String algorithm, Principal @Nullable [] issuers) {
    throw new UnsupportedOperationException("servers here choose by engine");
  }

  @Override
  @Nullable
  public String chooseClientAlias(
      String[] algorithms, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String algorithm, Principal @Nullable [] issuers) {
    return null;
  }
}
