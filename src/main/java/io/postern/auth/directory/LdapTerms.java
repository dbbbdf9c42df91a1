package io.postern.auth.directory;

import io.postern.config.area.DirectorySettings;
import io.postern.config.area.DirectorySettings.Encryption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The settings of the directory as values: connections are made anew when one has changed.
 *
 * @param servers each {@code host:port}; none if there is no directory
 * @param domains in lower case; empty for all
 */
record LdapTerms(
    List<String> servers,
    Encryption encryption,
    Optional<String> trusted,
    Optional<String> bindDn,
    Optional<String> bindPasswordFile,
    String base,
    String filter,
    String attribute,
    Set<String> domains,
    int connections,
    Duration timeout,
    Duration cache) {
  static LdapTerms of(DirectorySettings now) {
    return new LdapTerms(
        now.servers().orElse(List.of()).stream().map(String::strip).toList(),
        now.encryption(),
        now.trustedCertificates(),
        now.bindDn(),
        now.bindPasswordFile(),
        now.baseDn().orElse(""),
        now.filter(),
        now.accountAttribute(),
        now.domains().orElse(List.of()).stream()
            .map(it -> it.strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet()),
        now.maxConnections(),
        now.timeout(),
        now.cache());
  }

  boolean decides(String user) {
    return !servers.isEmpty()
        && (domains.isEmpty()
            || domains.contains(
                user.substring(user.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT)));
  }
}
