package io.postern.config.area;

import io.postern.config.net.Endpoint;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sites: {@code mail.site}. A site is a database with its Redis and its replicas. A client may
 * connect to any site; after login its connection is passed on to the site of its mailbox.
 */
public interface SiteSettings {
  /** The form of a site's name: that of a host name's label (RFC 1123 §2.1), in lower case. */
  String NAME_FORM = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

  /** The greatest number of a site. */
  int MAX_NUMBER = 1_023;

  /** The most back ends of one protocol. */
  int MAX_BACK_ENDS = 1_000;

  /**
   * The name of this site, as the directory of homes and the certificates of the sites have it. If
   * it is not set, there is one site only: no directory is read and no connection is passed on.
   */
  Optional<String> name();

  /**
   * The number of this site, different from those of all other sites; 1 to 1,023. New accounts,
   * mailboxes and contents get ids that no other site gives, so that accounts can move between
   * sites. It is stored in the database when it is set first, and cannot be changed afterwards. Set
   * it before there is mail: ids that exist stay as they are.
   */
  Optional<Long> number();

  /**
   * Where to listen for IMAP connections that other sites pass on, {@code address:port}; empty for
   * nowhere. Connections begin with TLS 1.3 and need a certificate of a site. The usual port is
   * 1993. Exchange: ProxyTargetPort.
   */
  Optional<List<String>> imapBindings();

  /** The same for POP3; the usual port is 1995. Exchange: ProxyTargetPort. */
  Optional<List<String>> pop3Bindings();

  /**
   * Where the other sites listen for IMAP connections: {@code site=host:port}, once for each
   * address of a site. Names are resolved at each connection. At most 1,000.
   */
  Optional<List<String>> imapBackEnds();

  /** The same for POP3. */
  Optional<List<String>> pop3BackEnds();

  /**
   * Where to listen for the calls of other sites, whose accounts move here; empty for nowhere. TLS
   * 1.3, and a certificate of a site is needed. The usual port is 1996.
   */
  Optional<List<String>> transferBindings();

  /** Where the other sites listen for them: {@code site=host:port}, as above. */
  Optional<List<String>> transferBackEnds();

  /**
   * How long the old copy of an account is kept that has moved to another site, before it is
   * removed; 0 s to 90 days.
   */
  @WithDefault("P7D")
  Duration moveGrace();

  /** How long connecting to an address of another site may take; 100 ms to 30 s. */
  @WithDefault("PT2S")
  Duration connectTimeout();

  /**
   * How long a connection may take in all to be passed on to another site, all attempts together,
   * before the client is asked to try later; 1 s to 2 min.
   */
  @WithDefault("PT10S")
  Duration handOverTimeout();

  /**
   * After a site could not be reached for this long, logins of its users are refused at once, and
   * one connection a second tries whether it can be reached again; 0 s to 10 min.
   */
  @WithDefault("PT10S")
  Duration failFastAfter();

  /** How long the home of an account is kept in memory before it is read again; 1 s to 5 min. */
  @WithDefault("PT5S")
  Duration directoryCache();

  /**
   * The time over which clients are disconnected whose site has failed, so that they do not all
   * reconnect at once; 0 s to 10 min.
   */
  @WithDefault("PT30S")
  Duration disconnectSpread();

  /**
   * Whether the certificate of the other side must name its site. Without it every certificate that
   * the trust store of {@code quarkus.tls.site} accepts is that of any site. Exchange:
   * EnforceCertificateErrors.
   */
  @WithDefault("true")
  boolean enforceCertificateErrors();

  /** Declares the keys with their bounds. */
  static void declare(SiteSettings now, Keys keys) {
    keys.matching(
        "mail.site.name",
        now.name(),
        NAME_FORM,
        "1 to 63 lower-case letters, digits and hyphens, none of these first or last,");
    keys.countIfSet("mail.site.number", now.number(), 1, MAX_NUMBER);
    keys.endpoints("mail.site.imap-bindings", now.imapBindings());
    keys.endpoints("mail.site.pop3-bindings", now.pop3Bindings());
    backEnds("mail.site.imap-back-ends", now.imapBackEnds(), keys);
    backEnds("mail.site.pop3-back-ends", now.pop3BackEnds(), keys);
    keys.endpoints("mail.site.transfer-bindings", now.transferBindings());
    backEnds("mail.site.transfer-back-ends", now.transferBackEnds(), keys);
    times(now, keys);
    keys.flag("mail.site.enforce-certificate-errors", now.enforceCertificateErrors());
    boolean others =
        Stream.of(
                now.imapBindings(),
                now.pop3Bindings(),
                now.imapBackEnds(),
                now.pop3BackEnds(),
                now.transferBindings(),
                now.transferBackEnds())
            .anyMatch(list -> !list.orElse(List.of()).isEmpty());
    keys.rule(
        !others || now.name().isPresent(),
        "mail.site has bindings or back ends, but mail.site.name is not set");
  }

  private static void times(SiteSettings now, Keys keys) {
    keys.duration(
        "mail.site.connect-timeout",
        now.connectTimeout(),
        Duration.ofMillis(100),
        Duration.ofSeconds(30));
    keys.duration(
        "mail.site.hand-over-timeout",
        now.handOverTimeout(),
        Duration.ofSeconds(1),
        Duration.ofMinutes(2));
    keys.duration(
        "mail.site.fail-fast-after", now.failFastAfter(), Duration.ZERO, Duration.ofMinutes(10));
    keys.duration(
        "mail.site.directory-cache",
        now.directoryCache(),
        Duration.ofSeconds(1),
        Duration.ofMinutes(5));
    keys.duration(
        "mail.site.disconnect-spread",
        now.disconnectSpread(),
        Duration.ZERO,
        Duration.ofMinutes(10));
    keys.duration("mail.site.move-grace", now.moveGrace(), Duration.ZERO, Duration.ofDays(90));
  }

  private static void backEnds(String key, Optional<List<String>> values, Keys keys) {
    var all = values.orElse(List.of());
    keys.parsed(key, String.join(",", all), "a list of site=host:port", () -> parseBackEnds(all));
  }

  /**
   * Parses back ends; the addresses of each site, in the order given.
   *
   * @throws IllegalArgumentException when a text has another form, or there are too many
   */
  static Map<String, List<Endpoint>> parseBackEnds(List<String> texts) {
    if (texts.size() > MAX_BACK_ENDS) {
      throw new IllegalArgumentException("at most " + MAX_BACK_ENDS + " back ends are allowed");
    }
    var sites = new TreeMap<String, Map<String, Endpoint>>();
    for (var text : texts) {
      int equals = text.indexOf('=');
      var site = equals < 0 ? "" : text.substring(0, equals).strip();
      if (!site.matches(NAME_FORM)) {
        throw new IllegalArgumentException("\"" + text + "\" is not of the form site=host:port");
      }
      var endpoint = Endpoint.parse(text.substring(equals + 1));
      if (endpoint.port() == 0) {
        throw new IllegalArgumentException(
            "\"" + text + "\" has the port 0; 1 to 65535 is allowed");
      }
      sites
          .computeIfAbsent(site, _ -> new LinkedHashMap<>())
          .put(text.substring(equals + 1).strip(), endpoint);
    }
    return sites.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, it -> List.copyOf(it.getValue().values())));
  }
}
